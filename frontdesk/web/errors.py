"""What people and programs are told when a request cannot be handled at all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conversations import texts
from web.api import Refused, error


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: nearly always a host name that this copy was not told about."""
    return _answer(
        request,
        400,
        "bad_request",
        "This address is not set up, or the request was not understood. Whoever runs this site "
        "sets FOOTHOLD_PUBLIC_URL to the address that people open.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page."""
    return _answer(request, 404, "not_found", "There is no such page here.")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: something broke; what the person needs is where to turn now."""
    return _answer(request, 500, "server_error", texts.load().fixed["unavailable"])


def _answer(request: HttpRequest, status: int, code: str, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return error(Refused(status, code, text))
    return render(request, "web/error.html", {"text": text}, status=status)
