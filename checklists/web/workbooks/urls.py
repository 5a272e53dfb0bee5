"""The addresses of the room ``workbooks``: a member's, and a provider's behind its link."""

from django.urls import path

from checklists.web.workbooks import link, offer

urlpatterns = [
    path("offers/<uuid:offer_id>/workbook/", offer.workbook, name="workbook"),
    path("offers/<uuid:offer_id>/workbook/file/", offer.workbook_of_offer, name="workbook-file"),
    path("provider/questions/<uuid:request_id>/workbook/", link.provider_workbook, name="provider-workbook"),
    path("provider/questions/<uuid:request_id>/workbook/file/", link.workbook_of_link, name="provider-workbook-file"),
]
