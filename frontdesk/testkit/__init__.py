"""What the tests stand on: an assistant to order, a server as in service, a database, a browser."""
