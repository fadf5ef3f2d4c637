from core.models.oauth import AccessToken, ApiClient, IdempotencyKey, RefreshToken
from core.models.people import StaffMembership, User, UserManager
from core.models.sign_in import SignInFailure
from core.models.site import Site, SiteSetting

__all__ = [
    "AccessToken",
    "ApiClient",
    "IdempotencyKey",
    "RefreshToken",
    "SignInFailure",
    "Site",
    "SiteSetting",
    "StaffMembership",
    "User",
    "UserManager",
]
