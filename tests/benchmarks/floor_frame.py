"""What stands around a page of the floor. Apart from the pages, since settings read it before any model may be imported."""

FLOOR_URLCONF = "tests.benchmarks.floor"
FLOOR_MIDDLEWARE = ("django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware")
PLAIN_BACKEND = "django.contrib.auth.backends.ModelBackend"
