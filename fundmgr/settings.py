"""All settings, read from the environment alone; every knob is listed in docs/operations.md."""

from pathlib import Path

from fundmgr import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("FUNDMGR_DATA_DIR", str(BASE_DIR / "var")))

CLAMAV_SOCKET = env.text("FUNDMGR_CLAMAV_SOCKET")
FILES_DIR = Path(env.text("FUNDMGR_FILES_DIR", str(DATA_DIR / "files")))
# Never kept in the data folder: whoever copies that must not get the key of its backups too.
BACKUP_KEY = env.text("FUNDMGR_BACKUP_KEY")

EMBEDDED = env.flag("FUNDMGR_EMBEDDED", default=False)
DEBUG = env.flag("FUNDMGR_DEBUG", default=False)
# A demo shows everybody's mail and signs anybody in, so a real database must ask for it by name.
DEMO = env.flag("FUNDMGR_DEMO", default=EMBEDDED)
SECRET_KEY = env.kept_secret("FUNDMGR_SECRET_KEY", DATA_DIR / "secret_key")
# Newest first; older keys still read what they wrote.
FIELD_KEYS = env.kept_secret("FUNDMGR_FIELD_KEYS", DATA_DIR / "field_keys").split(",")
# The last lines of the trail and of the books, kept outside the database with a key of their own.
ANCHOR_KEY = env.kept_secret("FUNDMGR_ANCHOR_KEY", DATA_DIR / "anchor_key")
ANCHOR_FILE = env.text("FUNDMGR_ANCHOR_FILE", str(DATA_DIR / "anchor.jsonl"))
ANCHOR_MAIL = env.text("FUNDMGR_ANCHOR_MAIL")
LOOKUP_KEY = env.kept_secret("FUNDMGR_LOOKUP_KEY", DATA_DIR / "lookup_key")

ALLOWED_HOSTS = env.words("FUNDMGR_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("FUNDMGR_ORIGINS", "")
HTTPS = env.flag("FUNDMGR_HTTPS", default=False)
# Each proxy in front adds whom it heard; what a caller wrote there before is not believed.
PROXIES = env.number("FUNDMGR_PROXIES", 1 if HTTPS else 0)
PORT = env.number("PORT", 8000)
SITE_URL = env.text("FUNDMGR_SITE_URL", f"http://localhost:{PORT}")

INSTALLED_APPS = [
    "fundmgr.apps.FundmgrConfig",
    "requests_app.apps.RequestsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]
MIDDLEWARE = [
    "requests_app.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "requests_app.api.lean.ProgramCalls",
    "requests_app.middleware.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "requests_app.middleware.StaffSecondFactor",
    "requests_app.middleware.PrivatePages",
    "requests_app.gate.Gate",
]
ROOT_URLCONF = "requests_app.urls"
WSGI_APPLICATION = "fundmgr.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "requests_app.pages.context.site",
            ],
        },
    },
]
FORM_RENDERER = "requests_app.pages.boxes.Renderer"

# --- database: the app role runs everything; only `migrate` runs as the owner -----------------
OWNER_ROLE_ASKED = env.text("FUNDMGR_DB_ROLE") == "owner"
DATABASE_URL = env.text("FUNDMGR_OWNER_DATABASE_URL" if OWNER_ROLE_ASKED else "DATABASE_URL")
DATABASES = {"default": env.database(DATABASE_URL or "postgresql:///fundmgr")}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": False, "ATOMIC_REQUESTS": False}
# A runaway statement or a forgotten lock must end by itself; migrations may take their time.
TIMEOUTS = "-c timezone=UTC -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
# What is prepared would else be planned anew for each of its first five calls on a connection.
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"
DATABASES["default"]["OPTIONS"]["options"] = (
    "-c timezone=UTC" if OWNER_ROLE_ASKED else f"{TIMEOUTS} -c statement_timeout=15s {PLANNED_ONCE}"
)
# Only the statements of a rush ask to be prepared (models/prepared.py); none is by being repeated.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 1_000_000_000
APP_ROLE = env.text("FUNDMGR_APP_ROLE", "fundmgr_app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- queue: one REDIS_URL in Celery's form -----------------------------------------------------
CELERY_BROKER_URL = env.text("REDIS_URL", "redis://localhost:6379/0")
# redis-py spells a socket another way than Celery does.
REDIS_CLIENT_URL = CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800, "socket_timeout": 2, "max_retries": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = env.number("FUNDMGR_SWEEP_SECONDS", 15)
NEXT_ROUND_SECONDS = env.number("FUNDMGR_NEXT_ROUND_SECONDS", 60)
NIGHTLY_REPORT_HOUR_UTC = env.number("FUNDMGR_NIGHTLY_REPORT_HOUR_UTC", 10)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "fundmgr.sweep", "schedule": SWEEP_SECONDS},
    "nightly-reports": {"task": "fundmgr.nightly_reports", "schedule": 3600.0},
    "anchor": {"task": "fundmgr.anchor", "schedule": 3600.0},
    "nightly-proofs": {"task": "fundmgr.nightly_proofs", "schedule": 3600.0},
    "nightly-leftovers": {"task": "fundmgr.nightly_leftovers", "schedule": 3600.0},
    # Each hour, for each fund's day begins at another; what was done is not done again.
    "due-dates": {"task": "fundmgr.due_dates", "schedule": 3600.0},
    "award-days": {"task": "fundmgr.award_days", "schedule": 3600.0},
    "draft-days": {"task": "fundmgr.draft_days", "schedule": 3600.0},
    "openings": {"task": "fundmgr.openings", "schedule": SWEEP_SECONDS},
    "odds": {"task": "fundmgr.odds", "schedule": 900.0},
    "next-rounds": {"task": "fundmgr.next_rounds", "schedule": NEXT_ROUND_SECONDS},
}

# Wiring upward is by name: kind of work -> the use case that does it.
OUTBOX_HANDLERS = {
    "contact_code": "requests_app.services.notices.send_code",
    "notice": "requests_app.services.notices.send_notice",
    "text": "requests_app.services.texting.send",
    "text_reply": "requests_app.services.notices.send_reply",
    "contact_changed": "requests_app.services.contact_changes.send",
    "draft_reminder": "requests_app.services.draft_days.send",
    "opening_notice": "requests_app.services.openings.tell",
    "anchor": "requests_app.services.anchor_mail.send",
    "donor_notice": "requests_app.services.donor_notices.send",
    "donor_link_ask": "requests_app.services.donor_link_mail.answer",
    "donor_link": "requests_app.services.donor_link_mail.send",
    "pledge_offer": "requests_app.services.pledge_offer_mail.send",
    "pledge_answer": "requests_app.services.pledge_offer_mail.answer",
    "staff_notice": "requests_app.services.staff_notices.send",
}
JOB_HANDLERS = {
    "shortfall_report": "requests_app.services.reports.build",
    "proof": "requests_app.services.proofs.run",
    "erasure": "requests_app.services.erasures.run",
}

# --- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "fundmgr.User"
AUTHENTICATION_BACKENDS = ["requests_app.signed_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Django's levels in the words of our notices.
MESSAGE_TAGS = {10: "info", 20: "info", 25: "ok", 30: "wait", 40: "bad"}
LOGIN_URL, LOGIN_REDIRECT_URL = "/staff/account/login/", "/staff/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "requests_app.pages.staff_sign_in_form.SignInForm"}
ACCOUNT_ADAPTER = "requests_app.pages.staff_sign_in.StaffAdapter"
# An office shares its address: tries are counted by account, and by address only in a flood.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "600/m/ip,5/300s/key",
    "reset_password": "600/m/ip,5/m/key",
    "reset_password_from_key": "600/m/ip",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Whether an address is known is nobody's business, in mail as on the page.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "requests_app.pages.staff_sign_in.SecondFactorAdapter"
MFA_TOTP_ISSUER = "fundmgr"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
STAFF_SECOND_FACTOR = env.flag("FUNDMGR_STAFF_SECOND_FACTOR", default=not DEMO)

# --- safety ------------------------------------------------------------------------------------
# Half an hour, and a minute: it is written anew once a minute at most.
SESSION_COOKIE_AGE = 31 * 60
SESSION_ENGINE, SESSION_SAVE_EVERY_REQUEST = "requests_app.sessions", False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "requests_app.pages.trouble.no_token"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
PAYEE_CHANGE_HOLD_HOURS = env.number("FUNDMGR_PAYEE_CHANGE_HOLD_HOURS", 72)
PAY_WAYS = frozenset(env.text("FUNDMGR_PAY_WAYS", "BANK,CARD,CHECK,PICK_UP").replace(" ", "").split(","))
PAID_RECORDS_KEPT_YEARS = env.number("FUNDMGR_PAID_RECORDS_KEPT_YEARS", 7)
TAKE_BACK_UNDO_HOURS = env.number("FUNDMGR_TAKE_BACK_UNDO_HOURS", 72)
APPEAL_ANSWER_WORKING_DAYS = env.number("FUNDMGR_APPEAL_ANSWER_WORKING_DAYS", 10)
DONOR_LINK_HOURS = env.number("FUNDMGR_DONOR_LINK_HOURS", 72)
DONOR_LINK_OPENS = env.number("FUNDMGR_DONOR_LINK_OPENS", 10)
LEFTOVERS_KEPT_DAYS = env.number("FUNDMGR_LEFTOVERS_KEPT_DAYS", 30)
# At once in a process; a few threads more than these tell the others that the server is full.
WORK_AT_ONCE = env.number("FUNDMGR_WORK_AT_ONCE", 24)
API_REQUESTS_PER_MINUTE = env.number("FUNDMGR_API_REQUESTS_PER_MINUTE", 600)

# --- mail: shown in the demo, a file in embedded mode, SMTP where a host is named ---------------
EMAIL_HOST = env.text("FUNDMGR_SMTP_HOST")
EMAIL_PORT = env.number("FUNDMGR_SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("FUNDMGR_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("FUNDMGR_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("FUNDMGR_SMTP_TLS", default=True)
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("FUNDMGR_MAIL_FROM", "fund@localhost")

# --- texts: a gateway where one is named; else files in embedded mode, and no texts for real people ---
SMS_URL, SMS_TOKEN = env.text("FUNDMGR_SMS_URL"), env.text("FUNDMGR_SMS_TOKEN")
SMS_FROM = env.text("FUNDMGR_SMS_FROM")
SMS_CHANNEL = env.text("FUNDMGR_SMS_CHANNEL", "gateway" if SMS_URL else "file" if EMBEDDED else "none")
SMS_WEBHOOK_SECRET = env.text("FUNDMGR_SMS_WEBHOOK_SECRET")
SMS_FILE_PATH = str(DATA_DIR / "texts")
SMS_REGIONS = env.words("FUNDMGR_SMS_REGIONS", "US,PR,GU,VI,AS,MP,CA")

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "requests_app.api.errors.answer",
    "UNAUTHENTICATED_USER": None,
}
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 900,
    "SCOPES_BACKEND_CLASS": "requests_app.api.scopes.ClientScopes",
    "OAUTH2_VALIDATOR_CLASS": "requests_app.api.token.ActiveClients",
    # Only a token's hash is kept, so that a copy of the database opens nothing.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "fundmgr",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    **dict.fromkeys(("SWAGGER_UI_DIST", "SWAGGER_UI_FAVICON_HREF"), "SIDECAR"),
    "COMPONENT_SPLIT_REQUEST": False,
    "PREPROCESSING_HOOKS": ["requests_app.api.schema.only_canonical"],
    "POSTPROCESSING_HOOKS": ["requests_app.api.openapi.completed"],
}

# --- language, time, files ---------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = env.text("FUNDMGR_STATIC_ROOT", str(DATA_DIR / "static"))
# Found in place: a checkout serves its own files without a collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("FUNDMGR_LOG_LEVEL", "INFO")},
    "loggers": {"django.request": {"level": "ERROR"}},
}
