"""Addresses of checklists."""

from django.urls import path

from credit.checklists import views

app_name = "checklists"
urlpatterns = [
    path("own-papers/", views.OwnPaperList.as_view(), name="own_list"),
    path("own-papers/new/", views.OwnPaperPropose.as_view(), name="own_propose"),
    path("own-papers/<int:pk>/", views.OwnPaperDetail.as_view(), name="own_detail"),
    path("own-papers/<int:pk>/approve/", views.OwnPaperApprove.as_view(), name="own_approve"),
    path("own-papers/<int:pk>/refuse/", views.OwnPaperRefuse.as_view(), name="own_refuse"),
    path("own-papers/<int:pk>/withdraw/", views.OwnPaperWithdraw.as_view(), name="own_withdraw"),
    path("papers/", views.ItemList.as_view(), name="item_list"),
    path("papers/<int:pk>/", views.ItemDetail.as_view(), name="item_detail"),
    path("papers/<int:pk>/check/", views.ItemCheck.as_view(), name="check"),
    path("papers/<int:pk>/send-back/", views.ItemSendBack.as_view(), name="send_back"),
    path("papers/<int:pk>/leave-out/", views.ItemLeaveOut.as_view(), name="leave_out"),
    path("papers/<int:pk>/ask-again/", views.ItemAskAgain.as_view(), name="ask_again"),
    path("papers/<int:pk>/waiver/", views.WaiverAsk.as_view(), name="waiver_ask"),
    path("waivers/<int:pk>/", views.WaiverDecide.as_view(), name="waiver_decide"),
    path("packs/<int:pk>/papers/receive/", views.PapersReceive.as_view(), name="receive"),
    path("packs/<int:pk>/papers/requested/", views.PapersRequested.as_view(), name="requested"),
    path("packs/<int:pk>/papers/letter/", views.RequestWrite.as_view(), name="letter"),
    path("documents/<int:pk>/", views.DocumentDownload.as_view(), name="document_download"),
    path("documents/<int:pk>/use/", views.DocumentUseMore.as_view(), name="document_use"),
    path("documents/<int:pk>/remove/", views.DocumentRemove.as_view(), name="document_remove"),
]
