/* Which columns hold times, in which format, and from when to when. */
#include "loader/sniff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "seqrec/instant.h"
#include "seqrec/memory.h"
#include "seqrec/store.h"

/* In the order in which they are preferred; month before day only where no value says otherwise. */
const char *const sniff_patterns[SNIFF_PATTERNS + 1] = {
	"%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y%m%d%H%M%S", "%Y%m%d", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y",
	"%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%m-%d", "%d-%m", "%m%d", NULL
};

static size_t first_pattern(const sniff_column *c)
{
	size_t p = 0;
	while (sniff_patterns[p] && !(c->patterns >> p & 1))
		p++;
	return p;
}

/* An epoch between 1995 and 2040; smaller numbers are ids. */
static bool is_epoch(const sniff_column *c, times_unit unit)
{
	static const double scale[] = { [TIMES_SECONDS] = 1, [TIMES_MILLISECONDS] = 1e3, [TIMES_MICROSECONDS] = 1e6, [TIMES_NANOSECONDS] = 1e9 };
	return c->most / scale[unit] > 788918400 && c->most / scale[unit] < 2208988800.0;
}

static times_unit unit_of(const sniff_column *c)
{
	uint64_t filled = sniff_filled(c);
	for (int u = TIMES_SECONDS; u <= TIMES_ISO8601; u++)
		if (filled && c->votes[u] * 1000 >= filled * 995 && (u == TIMES_ISO8601 || is_epoch(c, (times_unit)u)))
			return (times_unit)u;
	return TIMES_AUTO;
}

int sniff_time_fit(const sniff_column *c)
{
	times_unit unit = unit_of(c);
	if (!sniff_filled(c))
		return 0;
	if (unit == TIMES_ISO8601)
		return 3;
	if (unit != TIMES_AUTO)
		return 2;
	const char *pattern = sniff_patterns[first_pattern(c)];
	if (!pattern || (strcmp(pattern, "%m%d") == 0 && c->most < 100))
		return 0;
	return strchr(pattern, '/') || strchr(pattern, '.') ? 2 : 1;
}

/* "2014" in "tmall_alibaba2014_t.csv"; a leap year where the name has none, so that 29 February reads. */
static int year_of_name(const char *path, bool *found)
{
	*found = true;
	for (const char *at = strrchr(path, '/') ? strrchr(path, '/') : path; *at; at++)
		if ((strncmp(at, "19", 2) == 0 || strncmp(at, "20", 2) == 0) && strspn(at, "0123456789") == 4)
			return (at[0] - '0') * 1000 + (at[1] - '0') * 100 + (at[2] - '0') * 10 + at[3] - '0';
	*found = false;
	return 2020;
}

static void format_choose(sniff_file *f)
{
	const sniff_column *c = &f->column[f->role[ROLE_TIME]];
	if (unit_of(c) != TIMES_AUTO) {
		f->time_format = xstrdup(times_unit_name(unit_of(c)));
		return;
	}
	const char *pattern = sniff_patterns[first_pattern(c)];
	if (strstr(pattern, "%Y")) {
		f->time_format = text_format("strptime:%s", pattern);
	} else {
		bool found;
		int year = year_of_name(f->file, &found);
		f->time_format = text_format("strptime:%s@%d", pattern, year);
		text_addf(&f->notes, "the times have no year: %d %s; write the right one behind the @ of time_format\n", year, found ? "stands in the file's name" : "is a guess");
	}
	size_t other = first_pattern(c) + (pattern[1] == 'd' ? 3 : 1);
	if (strchr("dm", pattern[1]) && other < SNIFF_PATTERNS && (c->patterns >> other & 1) && strchr("dm", sniff_patterns[other][1]) && sniff_patterns[other][1] != pattern[1])
		text_addf(&f->notes, "could not tell day from month in the times: %s fits as well\n", sniff_patterns[other]);
}

bool sniff_times(sniff_file *f, sr_error *err)
{
	const strings none = { 0 };
	times_format format;
	record *row;
	f->first = INT64_MAX;
	f->last = INT64_MIN;
	if (f->role[ROLE_TIME] == SIZE_MAX)
		return true;
	format_choose(f);
	if (!times_format_parse(f->time_format, "", &format, err))
		return false;
	reader *r = reader_open(&f->source, f->file, &none, err);
	int got = r ? 1 : -1;
	uint64_t rows = 0;
	while (r && rows++ < SNIFF_ROWS && (got = reader_next(r, &row, err)) > 0) {
		const char *why;
		int64_t time;
		const cell *value = row->bad ? NULL : &row->cell[f->role[ROLE_TIME]];
		if (!value || !value->length || times_read(&format, value->bytes, value->length, &time, &why) != TIMES_GOOD)
			continue;
		f->first = time < f->first ? time : f->first;
		f->last = time > f->last ? time : f->last;
	}
	f->local = format.local_seen;
	reader_close(r);
	return got >= 0;
}
