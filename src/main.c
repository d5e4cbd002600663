/* seqrec - training and evaluation on e-commerce behaviour sequences, from the command line. */
#include "cli/cli.h"

#include <signal.h>

int main(int count, char **words)
{
	sr_error err = { 0 };
	options opt = { 0 };
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file-size limit becomes EFBIG, which names the file */
	const command *chosen = options_read(&opt, count - 1, words + 1, &err);
	output_start(&opt);
	bool done = chosen && chosen->exec(&opt, &err);
	progress_clear();
	done = output_finish(&err) && done;
	if (!done)
		output_error(&opt, &err);
	options_free(&opt);
	if (progress_signal() && err.code == SR_AGAIN)
		return 128 + progress_signal();
	return done ? 0 : err.code ? (int)err.code : SR_UNEXPECTED;
}
