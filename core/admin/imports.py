"""The import of a kind of rows: a file is uploaded, looked at, confirmed; then stands what became of it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from core.admin.base import actor_of
from core.admin.exports import ExportAdmin
from core.admin.refusals import message_of, refusal_of
from core.errors import DomainError
from core.imports.importer import Importer
from core.imports.reading import ENDINGS
from core.imports.uploads import MOST_BYTES, confirm, keep
from core.models import ImportUpload, Site
from core.tenancy import sites_of

MOST_MIB = MOST_BYTES // 1024 // 1024


class UploadForm(forms.Form):
    """A file, the site it is for, and what is said once for all its rows."""

    site = forms.ModelChoiceField(
        Site.objects.none(), label=_("Site"), empty_label=None, widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=_("File"),
        help_text=format_lazy(_("A name that ends in {endings}; at most {size} MiB."), endings=ENDINGS, size=MOST_MIB),
        widget=forms.FileInput(attrs={"accept": ENDINGS.replace(" ", "")}),
    )

    def __init__(self, *args: Any, importer: type[Importer], sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["site"]
        assert isinstance(choices, forms.ModelChoiceField)
        choices.queryset = Site.objects.filter(pk__in=[site.pk for site in sites])
        self.given = [column for column in importer.columns if column.for_file]
        for column in self.given:
            help_text = _("Of every row that names none: %(what)s.") % {"what": gettext(column.help)}
            field = forms.CharField(
                label=column.name,
                required=False,
                max_length=255,
                help_text=help_text,
                widget=UnfoldAdminTextInputWidget,
            )
            self.fields[column.name] = field

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file has more than %(size)s MiB.") % {"size": MOST_MIB})
        return file


class ImportAdmin(ExportAdmin):
    """A page whose rows can also be imported, by those who may add and change them."""

    importer: ClassVar[type[Importer]]
    actions_list: ClassVar[tuple[str, ...]] = ("import_rows",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_upload)
        return [path("import/<uuid:upload_id>/", view, name=self._name("import")), *super().get_urls()]

    def has_import_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(self._importing_sites(request))

    @action(description=_("Import"), url_path="import", permissions=["import"])
    def import_rows(self, request: HttpRequest) -> HttpResponse:
        """The upload; what is read from it is looked at on the next page."""
        sites = self._importing_sites(request)
        form = UploadForm(
            request.POST or None,
            request.FILES or None,
            importer=self.importer,
            sites=sites,
            initial={"site": sites[0].pk},
        )
        if request.method == "POST" and form.is_valid():
            upload = self._kept(request, form)
            if upload is not None:
                return HttpResponseRedirect(reverse(f"admin:{self._name('import')}", args=[upload.pk]))
        return self._page(request, "import_upload", _("Import: %(rows)s") % {"rows": self._rows()}, form=form)

    def import_upload(self, request: HttpRequest, upload_id: UUID) -> HttpResponse:
        """What the run would do, with the button that does it; afterwards what it did."""
        upload = self._own_upload(request, upload_id)
        refused: list[str] = []
        if request.method == "POST" and upload.result is None:
            try:
                actor = actor_of(request, upload.site)
                confirm(upload=upload, importer=self.importer, actor=actor, now=timezone.now())
            except (DomainError, DatabaseError) as error:
                refused = [message_of(fault) for fault in refusal_of(error).faults]
            else:
                return HttpResponseRedirect(request.path)
        done = upload.result is not None
        title = (_("Imported: %(rows)s") if done else _("Import: %(rows)s, preview")) % {"rows": self._rows()}
        told = upload.result if done else upload.preview
        return self._page(request, "import_told", title, upload=upload, told=told, done=done, refused=refused)

    def _kept(self, request: HttpRequest, form: UploadForm) -> ImportUpload | None:
        """None: refused, and the form says why."""
        file = form.cleaned_data["file"]
        given = {column.name: form.cleaned_data[column.name] for column in form.given}
        site = form.cleaned_data["site"]
        try:
            return keep(
                importer=self.importer,
                site=site,
                user=request.user,  # type: ignore[arg-type]  # somebody is signed in
                actor=actor_of(request, site),
                file_name=file.name,
                content=file.read(),
                given={name: value for name, value in given.items() if value},
                now=timezone.now(),
            )
        except (DomainError, DatabaseError) as error:
            for fault in refusal_of(error).faults:
                form.add_error("file", message_of(fault))
            return None

    def _own_upload(self, request: HttpRequest, upload_id: UUID) -> ImportUpload:
        """Somebody else's, another site's, another kind's and a forgotten one are not found."""
        uploads = ImportUpload.objects.kept(timezone.now()).select_related("site")
        sites = self._importing_sites(request)
        found = uploads.filter(pk=upload_id, kind=self.importer.name, user=request.user.pk, site__in=sites).first()
        if found is None:
            raise Http404
        return found

    def _importing_sites(self, request: HttpRequest) -> list[Site]:
        return [site for site in sites_of(request.user) if self._may(request, self.changed_by, site)]

    def _rows(self) -> str:
        """What is imported, in the reader's language."""
        return gettext(self.importer.name)

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        common = self.admin_site.each_context(request)
        context = {
            **common,
            "opts": self.opts,
            "title": title,
            "importer": self.importer,
            "list_url": reverse(f"admin:{self._name('changelist')}"),
            "upload_url": reverse(f"admin:{self._name('import_rows')}"),
            **context,
        }
        return TemplateResponse(request, f"admin/core/{template}.html", context)
