// What every page starts. Each module listens on the document, so fragments that arrive later need no start of their own.
import "./forms.js";
import "./drafts.js";
import "./dialog.js";
import "./list.js";
import "./keys.js";
import "./palette.js";
import "./board.js";
import "./papers.js";
import "./inbox.js";
