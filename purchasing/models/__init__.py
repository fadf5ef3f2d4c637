from purchasing.models.comment import PurchaseComment
from purchasing.models.failed_submission import FailedSubmission
from purchasing.models.history import PurchaseHistory
from purchasing.models.mail import PurchaseMail
from purchasing.models.package import LineItem, Package
from purchasing.models.purchase import Purchase
from purchasing.models.revision import PurchaseRevision
from purchasing.models.shipping import ShippingBand, ShippingMethod
from purchasing.models.transaction import PurchaseTransaction

__all__ = [
    "FailedSubmission",
    "LineItem",
    "Package",
    "Purchase",
    "PurchaseComment",
    "PurchaseHistory",
    "PurchaseMail",
    "PurchaseRevision",
    "PurchaseTransaction",
    "ShippingBand",
    "ShippingMethod",
]
