/* Layers: file descriptor -> gzip (by magic bytes) -> encoding (by byte order mark, or by name) -> UTF-8. */
#include "loader/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader/encoding.h"
#include "loader/gzip.h"
#include "seqrec/log.h"
#include "seqrec/memory.h"
#include "seqrec/number.h"
#include "seqrec/text.h"

enum { RAW_BYTES = 128 * 1024, TEXT_BYTES = 64 * 1024, MARK_BYTES = 4 };

struct stream {
	int fd;
	char *path;
	unsigned char *raw;  /* bytes of the file; [raw_begin, raw_end) wait to be unwrapped */
	size_t raw_begin, raw_end;
	uint64_t size;       /* bytes read from the file */
	bool raw_over, started, text_over;
	gzip *inflater;      /* NULL: not compressed */
	encoding *converter; /* NULL: UTF-8 */
	char *pending;       /* unwrapped text that waits for the converter, or the first bytes of UTF-8 text */
	size_t pending_begin, pending_end;
	sha256 sum;
};

stream *stream_open(const char *path, const char *name, sr_error *err)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		error_set_errno(err, "%s: cannot open the log", path);
		return NULL;
	}
	struct stat about;
	if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
		error_set(err, SR_IO, "%s: is a folder, not a file", path);
		close(fd);
		return NULL;
	}
	stream *s = xcalloc(1, sizeof *s);
	s->fd = fd;
	s->path = xstrdup(standard ? "standard input" : path);
	s->raw = xmalloc(RAW_BYTES);
	s->pending = xmalloc(TEXT_BYTES);
	sha256_start(&s->sum);
	if (name && *name && !(s->converter = encoding_new(name))) {
		error_set(err, SR_CONFIG, "%s: the encoding \"%s\" is not known to this system (see iconv -l)", s->path, name);
		stream_close(s);
		return NULL;
	}
	return s;
}

/* Bytes of the file as they are; none at its end. */
static bool bytes_read(stream *s, void *to, size_t capacity, size_t *length, sr_error *err)
{
	ssize_t n;
	do
		n = read(s->fd, to, capacity);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_set_errno(err, "%s: cannot read at byte %llu", s->path, (unsigned long long)s->size);
	sha256_add(&s->sum, to, (size_t)n);
	*length = (size_t)n;
	s->size += (uint64_t)n;
	s->raw_over = n == 0;
	return true;
}

/* More raw bytes, behind what is left of the last ones. */
static bool raw_fill(stream *s, sr_error *err)
{
	size_t n;
	memmove(s->raw, s->raw + s->raw_begin, s->raw_end - s->raw_begin);
	s->raw_end -= s->raw_begin;
	s->raw_begin = 0;
	if (!bytes_read(s, s->raw + s->raw_end, RAW_BYTES - s->raw_end, &n, err))
		return false;
	s->raw_end += n;
	return true;
}

static bool gzip_failed(const stream *s, const char *what, uint64_t rows, sr_error *err)
{
	char at[NUMBER_TEXT], count[NUMBER_TEXT];
	number_print_grouped(s->size - (s->raw_end - s->raw_begin), at);
	number_print_grouped(rows, count);
	return error_set(err, SR_DATA, "%s: %s at byte %s of the compressed file; %s rows were read before it, nothing was written. Fetch the file again",
		s->path, what, at, count);
}

static bool inflate_some(stream *s, char *out, size_t capacity, size_t *length, uint64_t rows, sr_error *err)
{
	*length = 0;
	while (!*length) {
		bool pending = gzip_pending(s->inflater);
		if (!pending && s->raw_begin == s->raw_end && !s->raw_over && !raw_fill(s, err))
			return false;
		if (!pending && s->raw_begin == s->raw_end)
			return gzip_at_border(s->inflater) || gzip_failed(s, "the gzip data end too early (truncated)", rows, err);
		const unsigned char *in = s->raw + s->raw_begin;
		size_t left = s->raw_end - s->raw_begin;
		gzip_state state = gzip_inflate(s->inflater, &in, &left, out, capacity, length);
		s->raw_begin = s->raw_end - left;
		if (state == GZIP_TRAILING)
			return gzip_failed(s, "there is something else behind the gzip data", rows, err);
		if (state == GZIP_DAMAGED) {
			char what[160];
			snprintf(what, sizeof what, "the gzip data are damaged (%s)", gzip_message(s->inflater));
			return gzip_failed(s, what, rows, err);
		}
	}
	return true;
}

/* Bytes without compression; *length = 0 only at the end. */
static bool plain_read(stream *s, char *out, size_t capacity, size_t *length, uint64_t rows, sr_error *err)
{
	if (s->inflater)
		return inflate_some(s, out, capacity, length, rows, err);
	if (s->raw_begin == s->raw_end && !s->raw_over && capacity >= RAW_BYTES)
		return bytes_read(s, out, capacity < 2 * RAW_BYTES ? capacity : 2 * RAW_BYTES, length, err);
	if (s->raw_begin == s->raw_end && !s->raw_over && !raw_fill(s, err))
		return false;
	*length = s->raw_end - s->raw_begin < capacity ? s->raw_end - s->raw_begin : capacity;
	memcpy(out, s->raw + s->raw_begin, *length);
	s->raw_begin += *length;
	return true;
}

static bool wrapping_detect(stream *s, sr_error *err)
{
	while (s->raw_end < MARK_BYTES && !s->raw_over)
		if (!raw_fill(s, err))
			return false;
	if (s->raw_end >= 2 && memcmp(s->raw, "\x1f\x8b", 2) == 0)
		s->inflater = gzip_new();
	else if (s->raw_end >= 4 && memcmp(s->raw, "\x28\xb5\x2f\xfd", 4) == 0)
		return error_set(err, SR_DATA, "%s: is compressed with zstd, which is not supported; unpack it or compress it with gzip", s->path);
	else if (text_ends(s->path, ".gz") && s->raw_end)
		log_warning("%s: is named .gz but is not compressed; it is read as plain text", s->path);
	return true;
}

static bool mark_detect(stream *s, uint64_t rows, sr_error *err)
{
	while (s->pending_end < MARK_BYTES) {
		size_t n;
		if (!plain_read(s, s->pending + s->pending_end, TEXT_BYTES - s->pending_end, &n, rows, err))
			return false;
		if (!n)
			break;
		s->pending_end += n;
	}
	bool little = s->pending_end >= 2 && memcmp(s->pending, "\xff\xfe", 2) == 0;
	bool big = s->pending_end >= 2 && memcmp(s->pending, "\xfe\xff", 2) == 0;
	if (little || big) {
		s->pending_begin = 2;
		encoding_free(s->converter);
		s->converter = encoding_new(little ? "UTF-16LE" : "UTF-16BE");
	} else if (s->pending_end >= 3 && memcmp(s->pending, "\xef\xbb\xbf", 3) == 0)
		s->pending_begin = 3;
	return true;
}

static bool converted_read(stream *s, char *out, size_t capacity, size_t *length, uint64_t rows, sr_error *err)
{
	*length = 0;
	while (!*length) {
		memmove(s->pending, s->pending + s->pending_begin, s->pending_end - s->pending_begin);
		s->pending_end -= s->pending_begin;
		s->pending_begin = 0;
		size_t n = 0;
		if (!s->text_over && s->pending_end < TEXT_BYTES && !plain_read(s, s->pending + s->pending_end, TEXT_BYTES - s->pending_end, &n, rows, err))
			return false;
		s->pending_end += n;
		s->text_over = s->text_over || (n == 0 && s->pending_end < TEXT_BYTES);
		if (!s->pending_end)
			return true;
		s->pending_begin = encoding_convert(s->converter, s->pending, s->pending_end, s->text_over, out, capacity, length);
	}
	return true;
}

bool stream_read(stream *s, char *out, size_t capacity, size_t *length, uint64_t rows, sr_error *err)
{
	*length = 0;
	if (!s->started) {
		if ((!s->inflater && !wrapping_detect(s, err)) || !mark_detect(s, rows, err))
			return false;
		s->started = true;
	}
	if (s->converter)
		return converted_read(s, out, capacity, length, rows, err);
	if (s->pending_begin == s->pending_end)
		return plain_read(s, out, capacity, length, rows, err);
	*length = s->pending_end - s->pending_begin < capacity ? s->pending_end - s->pending_begin : capacity;
	memcpy(out, s->pending + s->pending_begin, *length);
	s->pending_begin += *length;
	return true;
}

uint64_t stream_size(const stream *s)
{
	return s->size;
}

void stream_sum(stream *s, char out[SHA256_TEXT])
{
	sha256 copy = s->sum;
	sha256_text(&copy, out);
}

void stream_close(stream *s)
{
	if (!s)
		return;
	if (s->fd != STDIN_FILENO)
		close(s->fd);
	gzip_free(s->inflater);
	encoding_free(s->converter);
	free(s->raw);
	free(s->pending);
	free(s->path);
	free(s);
}
