/** Takes apart the options of git itself, which come before the subcommand. */

export interface LeadingOptions {
  /** The folders of each `-C`, in their order; each starts from the one before. */
  readonly folders: readonly string[];
  /** The subcommand with its arguments. */
  readonly rest: readonly string[];
}

// What they ask for is what the tools do anyway.
const needless = /^(?:--no-pager|-P|--no-optional-locks|--no-lazy-fetch)$/;
const needlessSetting =
  /^(?:(?:core\.pager|pager\.[\w-]+)=(?:cat|false)?|(?:color\.[\w.-]+|core\.quotepath|log\.showsignature)=\w+)$/is;

/** The folders that the arguments name and the subcommand. An option of any other kind stays where it is. */
export function leadingOptions(args: readonly string[]): LeadingOptions {
  const folders: string[] = [];
  let at = 0;
  for (;;) {
    const [option = '', value] = args.slice(at, at + 2);
    if (needless.test(option)) at += 1;
    else if (option === '-C' && value !== undefined) {
      folders.push(value);
      at += 2;
    } else if (option === '-c' && value !== undefined && needlessSetting.test(value)) at += 2;
    else if (option === '--version') return { folders, rest: ['version', ...args.slice(at + 1)] };
    else return { folders, rest: args.slice(at) };
  }
}
