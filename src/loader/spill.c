/* A buffered temporary file of fixed-width records. */
#include "loader/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "seqrec/file.h"
#include "seqrec/memory.h"

enum { BUFFER_BYTES = 256 * 1024, ROWS_AT_ONCE = 256 };

struct spill {
	int fd;
	char *folder;
	size_t width, room; /* room: bytes of whole records that fit in the buffer */
	char *buffer;
	size_t begin, end;
	uint64_t count, offset; /* offset: of the next byte to be read */
	packed *rows;           /* in memory: there is no file then */
};

spill *spill_new(const char *folder, size_t width, sr_error *err)
{
	char *path = path_join(folder, "spill");
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || unlink(path) != 0) {
		error_set_errno(err, "%s: cannot make a temporary file", path);
		if (fd >= 0)
			close(fd);
		free(path);
		return NULL;
	}
	free(path);
	spill *s = xcalloc(1, sizeof *s);
	s->fd = fd;
	s->folder = xstrdup(folder);
	s->width = width;
	s->room = width > BUFFER_BYTES ? width : BUFFER_BYTES / width * width;
	s->buffer = xmalloc(s->room);
	return s;
}

spill *spill_over(packed *rows)
{
	spill *s = xcalloc(1, sizeof *s);
	s->fd = -1;
	s->width = rows->words * sizeof(uint32_t);
	s->room = s->width * ROWS_AT_ONCE;
	s->buffer = xmalloc(s->room);
	s->rows = rows;
	return s;
}

void spill_keep(spill *s, size_t number)
{
	size_t stride = s->rows->stride;
	if (number != s->count)
		memcpy(s->rows->data + s->count * stride, s->rows->data + number * stride, stride * sizeof *s->rows->data);
	s->count++;
}

static bool buffer_write(spill *s, sr_error *err)
{
	for (size_t done = 0; done < s->end;) {
		ssize_t n = write(s->fd, s->buffer + done, s->end - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(err, "%s: cannot write temporary data; nothing was replaced; free some space or choose another data.store", s->folder);
		done += (size_t)n;
	}
	s->end = 0;
	return true;
}

bool spill_add(spill *s, const void *record, sr_error *err)
{
	if (s->rows) {
		packed_set(s->rows, s->count++, record);
		return true;
	}
	if (s->end == s->room && !buffer_write(s, err))
		return false;
	memcpy(s->buffer + s->end, record, s->width);
	s->end += s->width;
	s->count++;
	return true;
}

bool spill_rewind(spill *s, sr_error *err)
{
	if (!s->rows && s->offset == 0 && s->begin == 0 && !buffer_write(s, err))
		return false;
	s->begin = s->end = 0;
	s->offset = 0;
	return true;
}

static bool read_at(spill *s, void *to, size_t length, uint64_t offset, sr_error *err)
{
	for (size_t done = 0; done < length;) {
		ssize_t n = pread(s->fd, (char *)to + done, length - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(err, "%s: cannot read temporary data", s->folder);
		if (n == 0)
			return error_set(err, SR_INTERNAL, "%s: temporary data end too early", s->folder);
		done += (size_t)n;
	}
	return true;
}

const void *spill_next(spill *s, sr_error *err)
{
	if (s->begin == s->end) {
		uint64_t left = s->count * s->width - s->offset;
		s->begin = 0;
		s->end = left < s->room ? (size_t)left : s->room;
		if (s->end == 0 || !spill_read(s, s->offset / s->width, s->end / s->width, s->buffer, err))
			return NULL;
		s->offset += s->end;
	}
	const void *record = s->buffer + s->begin;
	s->begin += s->width;
	return record;
}

bool spill_read(spill *s, uint64_t first, size_t count, void *records, sr_error *err)
{
	if (s->rows)
		packed_read(s->rows, (size_t)first, count, records);
	return s->rows || read_at(s, records, count * s->width, first * s->width, err);
}

size_t spill_places(const spill *s, size_t *place, uint32_t *value)
{
	size_t words = s->width / sizeof(uint32_t);
	for (size_t i = 0; i < words; i++) {
		place[i] = s->rows ? SIZE_MAX : i;
		value[i] = s->rows ? s->rows->value[i] : 0;
	}
	for (size_t i = 0; s->rows && i < s->rows->stride; i++)
		place[s->rows->kept[i]] = i;
	return s->rows ? s->rows->stride : words;
}

bool spill_rows(spill *s, uint64_t first, size_t count, uint32_t *rows, sr_error *err)
{
	if (!s->rows)
		return spill_read(s, first, count, rows, err);
	memcpy(rows, s->rows->data + first * s->rows->stride, count * s->rows->stride * sizeof *rows);
	return true;
}

uint64_t spill_count(const spill *s)
{
	return s->count;
}

void spill_free(spill *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	packed_free(s->rows);
	free(s->folder);
	free(s->buffer);
	free(s);
}
