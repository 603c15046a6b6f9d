"""Where each address of the site leads."""

from django.urls import path

from web import api, health, pages

urlpatterns = [
    path("", pages.home),
    path("chat", pages.chat),
    path("chat/erase", pages.erase),
    path("api/chat", api.conversation),
    path("api/chat/messages", api.messages),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]

handler400 = "web.errors.bad_request"
handler404 = "web.errors.not_found"
handler500 = "web.errors.server_error"
