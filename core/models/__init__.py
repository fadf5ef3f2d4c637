from core.models.imports import ImportUpload
from core.models.oauth import AccessToken, ApiClient, ClientCalls, IdempotencyKey, PersonCalls, RefreshToken
from core.models.people import StaffMembership, StaffRole, User, UserManager
from core.models.sign_in import LinkAsked, SignInFailure
from core.models.site import Site, SiteLogo, SiteSetting
from core.models.trail import Change

__all__ = [
    "AccessToken",
    "ApiClient",
    "Change",
    "ClientCalls",
    "IdempotencyKey",
    "ImportUpload",
    "LinkAsked",
    "PersonCalls",
    "RefreshToken",
    "SignInFailure",
    "Site",
    "SiteLogo",
    "SiteSetting",
    "StaffMembership",
    "StaffRole",
    "User",
    "UserManager",
]
