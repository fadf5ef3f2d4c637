from core.models.people import StaffMembership, User, UserManager
from core.models.site import Site, SiteSetting

__all__ = ["Site", "SiteSetting", "StaffMembership", "User", "UserManager"]
