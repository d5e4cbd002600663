/* commands.c - the command table. */
#include "cli.h"

const command *const commands[] = { &command_init, &command_train, &command_evaluate, &command_report, &command_compare, &command_predict, &command_recommend, &command_embed, &command_export, &command_prepare, &command_check, &command_inspect, &command_synth, &command_doctor, &command_bench,
	&command_schema, &command_completion, &command_help, &command_version, NULL };
