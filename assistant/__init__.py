"""What the Rasa process loads: graph components, the answers, the connector."""
