// sending.cpp - the data of a pack in one copy; and steps as CUDA graphs: once packs of some lengths have been seen a few times, their step is recorded from
// runtime_send to runtime_update, and then repeated with the data, the keys and the step size of each next one.
#include "tensor/aten/aten.h"
#include "tensor/aten/device.h"

#include <algorithm>
#include <stdexcept>

static const unsigned seen_before = 3;  // steps by single operations: caches fill, libraries choose their kernels
static const size_t records_most = 4;

int64_t found_at(const aten_state *state, const void *data, size_t count)
{
	int64_t at = 0;
	for (const pack_piece &piece : state->pieces) {
		if (piece.data == data && piece.count == count)
			return at;
		at += static_cast<int64_t>(piece.count);
	}
	return -1;
}

bool word_sent(runtime *rt, size_t place, bool wide, at::Tensor &out)
{
	const aten_state *state = state_of(rt);
	if (state->pieces.empty() || place >= sizeof(sent_words) / 4)
		return false;
	out = (wide ? state->numbers : state->data).select(0, static_cast<int64_t>(place));
	return true;
}

// The record for packs of these lengths, made when there is room for it; else nullptr.
static step_record *record_for(aten_state *state, const pack_piece *piece, size_t pieces)
{
	std::vector<size_t> lengths;
	for (size_t i = 0; i < pieces; i++)
		lengths.push_back(piece[i].count);
	for (step_record &record : state->records)
		if (record.lengths == lengths)
			return &record;
	if (state->records.size() >= records_most)
		return nullptr;
	state->records.emplace_back().lengths = std::move(lengths);
	return &state->records.back();
}

static at::Tensor gathered(runtime *rt, const pack_piece *piece, size_t pieces)
{
	size_t all = 0;
	for (size_t i = 0; i < pieces; i++)
		all += piece[i].count;
	at::Tensor made = staged(rt, { static_cast<int64_t>(all) }, at::kInt);
	char *to = reinterpret_cast<char *>(made.data_ptr<int32_t>());
	for (size_t i = 0; i < pieces; to += 4 * piece[i++].count)
		std::copy_n(static_cast<const char *>(piece[i].data), 4 * piece[i].count, to);
	return made;
}

static bool is_recordable(const runtime *rt)
{
	return state_of(rt)->device.is_cuda() && rt->steady && rt->trains && !rt->gradients && state_of(rt)->unrecorded.empty();
}

// Repeats what is recorded, or begins to record, or neither.
static void record_step(aten_state *state, step_record *record)
{
	if (record->graph) {
		state->repeating = record;
	} else if (record->seen++ >= seen_before) {
		record->graph = device_services()->graph_new();
		state->recording = record;
		device_services()->record_begin(record->graph);
	}
}

bool aten_send(runtime *rt, const pack_piece *piece, size_t pieces)
{
	return attempted(rt, "send", [&] {
		aten_state *state = state_of(rt);
		at::Tensor made = gathered(rt, piece, pieces);
		step_record *record = is_recordable(rt) ? record_for(state, piece, pieces) : nullptr;
		if (record && record->data.defined()) {
			state->copies++;
			record->data.copy_(made, true);
			state->data = record->data;
		} else {
			state->data = sent(rt, made);
			if (record)
				record->data = state->data;
		}
		state->pieces.assign(piece, piece + pieces);
		if (record)
			record_step(state, record);
		if (!state->repeating)
			state->numbers = at::bitwise_and(state->data.to(at::kLong), INT64_C(0xffffffff));
	});
}

bool aten_repeats(const runtime *rt)
{
	return state_of(rt)->repeating != nullptr;
}

void forbid_recording(const runtime *rt, const char *what)
{
	if (state_of(rt)->recording)
		throw std::runtime_error(std::string("it needs ") + what);
}

void recording_end(runtime *rt)
{
	aten_state *state = state_of(rt);
	device_services()->record_end(state->recording->graph);
	state->repeating = state->recording;
	state->recording = nullptr;
}

// Gives up recording for good; what was recorded before goes on being repeated no more.
bool aten_can_retry(runtime *rt)
{
	aten_state *state = state_of(rt);
	if (!state->recording)
		return false;
	state->unrecorded = rt->failure.text;
	step_record *record = state->recording;
	state->recording = nullptr;
	try {
		device_services()->record_end(record->graph);
	} catch (...) { // a record that failed cannot be ended well, and is not wanted
	}
	records_free(state);
	state->resident->lookups.clear();
	state->resident->whole.assign(state->resident->whole.size(), false);
	return true;
}

void records_free(aten_state *state)
{
	for (step_record &record : state->records)
		if (record.graph)
			device_services()->graph_free(record.graph);
	state->records.clear();
	state->repeating = nullptr;
}
