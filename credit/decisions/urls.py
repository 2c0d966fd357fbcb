"""Addresses of decisions."""

from django.urls import path

from credit.decisions import views

app_name = "decisions"
urlpatterns = [
    path("packs/<int:pk>/decision/route/", views.Route.as_view(), name="route"),
    path("packs/<int:pk>/decision/", views.Decide.as_view(), name="decide"),
    path("packs/<int:pk>/decision/pass-up/", views.PassUp.as_view(), name="pass_up"),
    path("packs/<int:pk>/decision/motion/", views.MotionPut.as_view(), name="put_motion"),
    path("packs/<int:pk>/decision/vote/", views.VoteCast.as_view(), name="vote"),
    path("packs/<int:pk>/decision/close/", views.MotionClose.as_view(), name="close_motion"),
    path("packs/<int:pk>/decision/taken-up/", views.DeferralAnswer.as_view(), name="answer_deferral"),
    path("packs/<int:pk>/decision/appeal/", views.Appeal.as_view(), name="appeal"),
    path("packs/<int:pk>/conditions/new/", views.ConditionPropose.as_view(), name="propose_condition"),
    path("conditions/<int:pk>/take-back/", views.ConditionTakeBack.as_view(), name="take_condition_back"),
    path("conditions/<int:pk>/show/", views.ConditionShow.as_view(), name="show_condition"),
    path("conditions/<int:pk>/check/", views.ConditionCheck.as_view(), name="check_condition"),
    path("conditions/<int:pk>/waive/", views.ConditionWaive.as_view(), name="waive_condition"),
    path("packs/<int:pk>/letter/", views.LetterDraw.as_view(), name="draw_letter"),
    path("letters/<int:pk>/pdf/", views.LetterPdf.as_view(), name="letter_pdf"),
    path("packs/<int:pk>/offer/", views.Offer.as_view(), name="offer"),
    path("packs/<int:pk>/accept/", views.Accept.as_view(), name="accept"),
    path("packs/<int:pk>/live/", views.GoLive.as_view(), name="go_live"),
    path("packs/<int:pk>/suspend/", views.Suspend.as_view(), name="suspend"),
    path("packs/<int:pk>/restore/", views.Restore.as_view(), name="restore"),
    path("packs/<int:pk>/cancel/", views.Cancel.as_view(), name="cancel"),
]
