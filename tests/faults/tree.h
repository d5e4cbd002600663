#ifndef TESTS_TREE_H
#define TESTS_TREE_H
/* tree.h - folders as values: copied, removed, read into memory, compared. */

#include <stdbool.h>
#include <stddef.h>

typedef struct {
	char *path; /* below the folder */
	char *bytes;
	size_t length;
} tree_file;

typedef struct {
	tree_file *file; /* sorted by path */
	size_t count;
} tree;

tree tree_read(const char *folder);
void tree_write(const tree *t, const char *folder); /* into a folder that is not there yet */
void tree_sort(tree *t); /* by path, as tree_find wants it */
void tree_free(tree *t);
void tree_remove(const char *folder);
const tree_file *tree_find(const tree *t, const char *path);
bool file_equal(const tree_file *a, const tree_file *b); /* NULL equals NULL alone */

#endif
