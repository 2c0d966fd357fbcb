"""Static files of production: compressed, under names that carry the hash of their content, ES modules' own imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Rewrites `import … from "./x.js"` too, so that a module never loads an old neighbour from a cache."""

    support_js_module_import_aggregation = True
