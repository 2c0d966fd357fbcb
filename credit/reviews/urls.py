"""Addresses of reviews."""

from django.urls import path

from credit.reviews import views

app_name = "reviews"
urlpatterns = [
    path("intake/", views.Intake.as_view(), name="intake"),
    path("intake/<int:pk>/", views.IntakeCard.as_view(), name="intake_card"),
    path("intake/next/", views.TakeNext.as_view(), name="take_next"),
    path("packs/<int:pk>/review/assign/", views.Assign.as_view(), name="assign"),
    path("packs/<int:pk>/review/rating/", views.Rate.as_view(), name="rate"),
    path("packs/<int:pk>/review/return/", views.PackReturn.as_view(), name="return_pack"),
    path("packs/<int:pk>/review/memo/start/", views.MemoStart.as_view(), name="start_memo"),
    path("packs/<int:pk>/review/memo/", views.MemoWrite.as_view(), name="write_memo"),
    path("packs/<int:pk>/review/memo/send/", views.FactsSend.as_view(), name="send_facts"),
    path("packs/<int:pk>/review/facts/", views.FactsCheck.as_view(), name="check_facts"),
    path("packs/<int:pk>/questions/", views.Questions.as_view(), name="questions"),
    path("packs/<int:pk>/questions/new/", views.QuestionDraft.as_view(), name="draft_question"),
    path("packs/<int:pk>/questions/send/", views.QuestionsSend.as_view(), name="send_questions"),
    path("packs/<int:pk>/questions/resume/", views.Resume.as_view(), name="resume"),
    path("questions/<int:pk>/answer/", views.QuestionAnswer.as_view(), name="answer"),
    path("questions/<int:pk>/accept/", views.QuestionAccept.as_view(), name="accept"),
    path("questions/<int:pk>/again/", views.QuestionReopen.as_view(), name="reopen"),
    path("questions/<int:pk>/withdraw/", views.QuestionWithdraw.as_view(), name="withdraw_question"),
    path("questions/evidence/<int:pk>/", views.EvidenceDownload.as_view(), name="evidence"),
]
