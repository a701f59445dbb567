from django.contrib.admin import AdminSite


class Portal(AdminSite):
    """The admin portal."""
