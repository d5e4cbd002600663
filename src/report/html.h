#ifndef REPORT_HTML_H
#define REPORT_HTML_H
/* html.h - pieces of report.html: one file with its style inside, no scripts, nothing loaded from elsewhere. */

#include "report/curve.h"
#include "report/slices.h"

#include "seqrec/report.h"
#include "seqrec/text.h"

extern const char *const html_style[]; /* the style sheet in pieces, ended by NULL */

/* Element text or a quoted attribute: < > & " ' and control bytes are escaped. */
void html_text(text *t, const char *plain);
void markdown_escape(text *t, const char *plain);
void html_fixed(text *t, double value, int digits);
void html_count(text *t, uint64_t value); /* 48,209 */
void html_share(text *t, double part, double whole); /* 21.0 % */
void html_metric(text *t, const metric *m, int digits); /* or a dash with the reason */
void html_interval(text *t, const interval *i, const char *unit); /* "95 % interval 0.82 to 0.88" */

/* Cells of a table: words to the left, numbers to the right. */
void html_cell_text(text *t, const char *plain);
void html_cell_fixed(text *t, double value, int digits);
void html_cell_count(text *t, uint64_t value);
void html_cell_share(text *t, uint64_t value, double whole); /* 510 85.4 % */
void html_cell_metric(text *t, const metric *m);

/* A sentence with a mark: "yes", "no", "open". */
void html_verdict(text *t, const char *mark, const text *sentence);
/* The groups of the rows as a section of their own, where there are any. */
void html_groups(text *t, const char *title, const char *lead, const slices *groups);

void html_begin(text *t, const char *title, const char *task);
void html_end(text *t);
void html_section(text *t, const char *id, const char *title, const char *lead /* one plain sentence, or NULL */);
void html_section_end(text *t);
void html_notes(text *t, const char *const *note, size_t count);

/* ---- html_data.c: what classes and rankings have in common ---- */
void html_learning(text *t, const report_page *page);
void html_data(text *t, const report_page *page);
void html_repeat(text *t, const report_page *page, const char *run_json);
#endif
