#ifndef REPORT_WRITE_H
#define REPORT_WRITE_H
/* write.h - pieces of JSON that several parts of a report write alike. */

#include "report/points.h"

#include "seqrec/report.h"
#include "seqrec/text.h"

void write_number(text *t, double value);                               /* the shortest that reads back the same; null when not finite */
void write_metric(text *t, const char *key, const metric *m);           /* "key":value or null */
void write_interval(text *t, const char *key, const interval *i);       /* "key":[low,high] or null */
void write_points(text *t, const char *key, const points *p);           /* "key":[[x,y],...] */
void write_picture(text *t, const picture *p);                          /* {"roc":...} */
void write_page(text *t, const report_page *page);                      /* ,"data_page":{...},"learning":[...] */
#endif
