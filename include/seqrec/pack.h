#ifndef SEQREC_PACK_H
#define SEQREC_PACK_H
/* pack.h - what the loader hands to the encoder: whole sequences end to end, without padding, as plain arrays. T events, S samples. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
	FEATURE_CODE,  /* one row of an embedding table */
	FEATURE_BAG,   /* the sum of several rows */
	FEATURE_NUMBER /* one or more columns of the dense matrix of its level */
} feature_form;

/* The shape of one input, which is all that the encoder knows of it. */
typedef struct {
	const char *name;
	feature_form form;
	uint32_t rows;    /* of the table; codes are below it. 0 = no value, 1 = unknown, 2.. = values, where the feature has a vocabulary */
	uint32_t columns; /* of the dense matrix */
	const char *share; /* the name of the feature whose table this one uses, or NULL */
	bool of_item;      /* an event feature that the event's item alone decides, besides the item itself */
} feature_shape;

typedef struct {
	const feature_shape *event, *sample; /* in the order of the pack's arrays */
	size_t event_count, sample_count;
	uint32_t event_columns, sample_columns; /* widths of the dense matrices */
	size_t classes;
	bool next_item; /* what is told is the item that follows an event; no class */
	size_t item;    /* next_item: the event feature that is the item; its rows 0 and 1 are no items to be told */
	double events, user_events; /* of training: all, and of a user on average. What automatic settings go by */
} input_shape;

/* The values of one CODE or BAG feature. */
typedef struct {
	uint32_t *code;  /* CODE: one a row. BAG: all bags end to end */
	uint32_t *start; /* BAG: rows + 1 */
	size_t count, capacity;
} pack_codes;

typedef struct {
	uint32_t events, samples;
	uint32_t *start;           /* (S + 1) where each sequence begins */
	pack_codes *event, *sample; /* by feature; NUMBER features have none here */
	float *event_number;       /* (T, event_columns) */
	float *sample_number;      /* (S, sample_columns) */
	uint32_t *label;           /* (S) */
	float *weight;             /* (S) */
	uint64_t *row;             /* (T) the event in the store: the loader's own */
	uint32_t *owner;           /* (T) the sample of each event */
	uint32_t *time;            /* (T) seconds since the first event of the sequence */
	uint32_t targets;          /* next_item: N targets */
	uint32_t *target_event;    /* (N) the event after which the target comes */
	uint32_t *target;          /* (N) the item's row; 0 = not told, 1 = an item that the model does not know */
	float *target_weight;      /* (N) */
	size_t event_capacity, sample_capacity;
} pack;

/* Items with their fields. */
typedef struct {
	size_t count;
	uint32_t *row;     /* (count) rows of the item feature */
	pack_codes *field; /* by event feature; filled where the feature is of_item */
	float *number;     /* (count, event_columns): zero but for features of_item */
	size_t capacity;
} item_block;

enum { PACK_FIRST_ITEM = 2 }; /* the first row of the item feature that is an item */

#endif
