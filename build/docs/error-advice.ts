/** What to do about an error, by its code: for the reference, whose other words come from the code. */
export const ADVICE: Readonly<Record<string, string>> = {
  ANSWER_UNUSABLE:
    'Read what the API answered: the message names the file in quarantine. `imagegen recover` judges it again without a request; `imagegen generate --again IMAGE` requests the image again.',
  API_KEY_MISSING:
    'Set the variable that the message names, or build with `IMAGEGEN_MODE=draft` to see stand-ins.',
  ATTEMPT_UNCERTAIN:
    'Ask the API’s support about the request ID, or run `imagegen generate --retry-uncertain`.',
  BUDGET_EXCEEDED:
    'Run `imagegen plan`. If the plan is right, run `imagegen generate --budget N`, or raise `budget.images` or `budget.spend`.',
  CONFIG_INVALID: 'Correct the option; the message names it and the file.',
  EXPORT_CONFLICT:
    'Move away the file that the message names, or give the export or the image another name.',
  EXPORT_TARGET_INVALID: 'Choose another folder, path or file name; the message says why.',
  LEASE_LOST: 'Run the command again: the picture of the other process is adopted.',
  MANIFEST_INVALID: 'Correct the lines that the message shows.',
  MANIFEST_NOT_WRITTEN: 'Reload the page, look at the file, and repeat the edit.',
  MANIFEST_PUBLISHED:
    'Import the manifest in code, or name one picture by URL: `./site.image.yaml?image=hero`.',
  MANIFEST_UNCLAIMED:
    'Add the plugin where the message says, or let `include` and `root` cover the manifest.',
  NEEDS_NEWER_VERSION: 'Update this package. Delete nothing.',
  ORIGINALS_MISSING:
    'Run `imagegen generate` where requests are allowed, and commit `.imagegen`; or build in `draft` mode.',
  ORIGINAL_CORRUPT:
    'Restore `.imagegen` from version control. For Git LFS pointers run `git lfs pull`.',
  PICTURE_UNUSABLE:
    'Look at the file. A picture that is too large needs a higher limit in `limits`.',
  PIPELINE_CLOSED: 'Open another pipeline with `openPipeline()`.',
  REFERENCE_GRAPH_INVALID:
    'Break the circle, correct the name, or mend the manifest that the message shows.',
  REFERENCE_INVALID:
    'Name a PNG, JPEG or WebP file inside the project, or inside the package that names it.',
  REFERENCE_NOT_MADE: 'Mend the image that it depends on, and run the command again.',
  RENDITION_FAILED: 'Read the cause: a full disk, a missing sharp binary, or a damaged original.',
  RUN_FAILED: 'Read the error of each image; run the command again for those that failed.',
  RUN_STOPPED: 'Mend the cause, which the message names, and run the command again.',
  SELECTION_UNKNOWN: 'Correct the name; the message suggests one.',
  SIZE_MISMATCH:
    "Ask for a size that the model makes, or set `onSizeMismatch: 'warn'`: what counts is the picture.",
  SOURCE_INVALID: 'Name a PNG, JPEG, WebP or AVIF file inside the project.',
  STORE_UNAVAILABLE:
    'Check the network, the credentials and the rights to the bucket or folder. `required: false` goes on without the store.',
  TWO_CACHES: 'Run the command in the message, which merges both caches without a request.',
  USAGE: 'Read `imagegen COMMAND --help`.',
}

/** The same for the codes of an attempt. */
export const ATTEMPT_ADVICE: Readonly<Record<string, string>> = {
  AUTHENTICATION: 'Check the key and its rights. The run stops.',
  QUOTA_EXHAUSTED: 'Top up the account. The run stops.',
  MODERATION: 'Change the prompt or the references. The request is not sent again by itself.',
  REJECTED:
    'Read the API’s words. A 404 often means a wrong model or base URL. Change the image, or use `--again`.',
  RATE_LIMITED:
    'Nothing: it is tried again, more slowly. Lower `provider.concurrency` if it persists.',
  RETRY_AFTER_TOO_LONG: 'Come back later, or raise `provider.retry.maxDelay`.',
  NOT_SENT: 'Check the network, the base URL and the proxy. Nothing was billed.',
  CONNECTION_LOST: 'Nothing: it is tried again under the same request ID. It may have been billed.',
  MALFORMED_ANSWER: 'Check what stands between you and the API. It may have been billed.',
  TIMEOUT: 'Raise `provider.timeout` for slow models. It may have been billed.',
  SERVER: 'Nothing: it is tried again. It may have been billed.',
  REDIRECTED: 'Set `provider.baseURL` to the address that the message shows.',
  UNREADABLE_ANSWER: 'Read the answer in quarantine; then `imagegen recover`, or `--again`.',
  ANSWER_TOO_LARGE: 'Raise `limits.answerBytes`, or ask for a smaller picture.',
  DOWNLOAD_FAILED: 'Run again soon: addresses of pictures expire. Only the download is repeated.',
  ABORTED: 'Nothing: somebody ended the run. The journal resumes it.',
}
