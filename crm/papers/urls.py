"""Addresses of letters."""

from django.urls import path

from crm.papers import views

app_name = "papers"
urlpatterns = [
    path("<int:pk>/", views.LetterDetail.as_view(), name="letter_detail"),
    path("<int:pk>/pdf/", views.LetterPdf.as_view(), name="letter_pdf"),
    path("to/<int:pk>/", views.LetterCreate.as_view(), name="letter_create"),
    path("refused/", views.RefusalList.as_view(), name="refusal_list"),
]
