from django.urls import path

from checks import candidate_views, doorways, pause_views, previews, reference_views, report_page, trying
from checks.models import Check, Reference

WORDS = "words/<int:organization>/<slug:moment>/<slug:channel>/<slug:language>/"

urlpatterns = [
    path("c/<str:token>/", doorways.door, {"model": Check}, name="candidate-door"),
    path("candidate/<uuid:check>/", candidate_views.candidate, name="candidate"),
    path("candidate/<uuid:check>/instead-of/<uuid:reference>/", candidate_views.instead, name="candidate-instead"),
    path("candidate/<uuid:check>/self/", candidate_views.self_assessment, name="candidate-self"),
    path("candidate/<uuid:check>/pause/", pause_views.candidate_pausing, name="candidate-pausing"),
    path("c/<str:token>/pause/", doorways.door, {"model": Check, "page": "candidate-pausing"}, name="candidate-pause"),
    path("r/<str:token>/", doorways.door, {"model": Reference}, name="reference-door"),
    path("reference/<uuid:reference>/", reference_views.reference, name="reference"),
    path("reference/<uuid:reference>/decline/", reference_views.decline, name="reference-decline"),
    path("reference/<uuid:reference>/pause/", pause_views.reference_pausing, name="reference-pausing"),
    path(
        "r/<str:token>/pause/", doorways.door, {"model": Reference, "page": "reference-pausing"}, name="reference-pause"
    ),
    path("stop/<str:token>/", pause_views.stop_reminders, name="stop-reminders"),
    path("preview/survey/<int:pk>/", previews.preview, {"what": "survey"}, name="preview-survey"),
    path("preview/candidate/<int:pk>/", previews.preview, {"what": "candidate"}, name="preview-candidate"),
    path("preview/reference/<int:pk>/", previews.preview, {"what": "reference"}, name="preview-reference"),
    path("preview/<slug:what>/<int:pk>/page/", previews.page, name="preview-page"),
    path(f"preview/{WORDS}", trying.preview_words, name="preview-words"),
    path(f"preview/{WORDS}test/", trying.try_words, name="test-words"),
    path("reports/<uuid:check>/", report_page.report_page, name="report"),
]
