/** What a confined command may read and write. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ConfinedPlace } from '../../core/sandboxPorts.ts';
import type { SandboxProfile } from './sandboxMessages.ts';

export interface ProfileFacts {
  readonly home: string;
  /** Where AllSettled keeps its sessions; it may not be there yet. */
  readonly stateDir: string;
  /** In the state folder; what the sandbox itself starts. */
  readonly programs: string;
  /** Where the sandbox itself lies: who could write there could open it. */
  readonly ownFolder: string;
  /** The command's own folder for temporary files; canonical. */
  readonly temporary: string;
  /** Files that hold secrets, beside the well-known ones; canonical. */
  readonly secretFiles: readonly string[];
}

/** Nothing of the state folder can be read but the workspace folders in it, and no well-known place of secrets. */
export async function sandboxProfile(
  { roots, writable }: ConfinedPlace,
  { home, stateDir, programs, ownFolder, temporary, secretFiles }: ProfileFacts,
): Promise<SandboxProfile> {
  const [state, homeFolder] = [await canonical(stateDir), await canonical(home)];
  // Another folder may hold the sessions of this one command; those of the others lie where they usually do.
  const ownFolders = [...new Set([state, ...inFolder(homeFolder, stateOfHome)])];
  const unpacked = await canonical(programs);
  const unwritable = [await canonical(ownFolder), unpacked];
  const holdsHome = writable.some((root) => holds(root, homeFolder));
  if (holdsHome) unwritable.push(...inFolder(homeFolder, steeringOfHome));
  return {
    unreadable: [...ownFolders, ...secretFiles, ...inFolder(homeFolder, secretsOfHome)],
    readable: [unpacked, ...roots.filter((root) => ownFolders.some((own) => holds(own, root)))],
    // Through a folder that a command can replace by a link, it would be given what the link leads to.
    writable: writable.some((root) => holds(root, temporary)) ? writable : [temporary, ...writable],
    unwritable,
    guarded: writable,
  };
}

async function canonical(folder: string): Promise<string> {
  return realpath(folder).catch(() => path.resolve(folder));
}

/** The file is the folder, or in it; both canonical. */
export function holds(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (!/^\.\.(?:$|[\\/])/.test(relative) && !path.isAbsolute(relative));
}

function inFolder(folder: string, names: readonly string[]): readonly string[] {
  return names.map((name) => path.join(folder, name));
}

/** The places below a home in which AllSettled keeps sessions if it is told no other place. */
const stateOfHome = ['.local/share/allsettled', 'Library/Application Support/allsettled'] as const;

/** Where keys, tokens, passwords and cookies are kept by the programs that many people have. */
const secretsOfHome = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.oci',
  '.netrc',
  '.npmrc',
  '.pypirc',
  '.pgpass',
  '.my.cnf',
  '.vault-token',
  '.s3cfg',
  '.boto',
  '.fly',
  '.databrickscfg',
  '.kaggle',
  '.composer/auth.json',
  '.git-credentials',
  '.gem/credentials',
  '.m2/settings.xml',
  '.m2/settings-security.xml',
  '.gradle/gradle.properties',
  '.ivy2/.credentials',
  '.sbt/.credentials',
  '.sbt/1.0/credentials.sbt',
  '.pip/pip.conf',
  '.config/pip/pip.conf',
  '.config/pypoetry/auth.toml',
  '.config/uv/credentials.toml',
  '.local/share/uv/credentials',
  '.yarnrc',
  '.yarnrc.yml',
  '.bunfig.toml',
  '.nuget/NuGet/NuGet.Config',
  '.config/NuGet/NuGet.Config',
  '.bundle/config',
  '.hex/hex.config',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.terraform.d/credentials.tfrc.json',
  '.claude.json',
  '.claude/.credentials.json',
  '.codex/auth.json',
  '.gemini/oauth_creds.json',
  '.cache/huggingface/token',
  '.huggingface',
  '.config/anthropic',
  '.config/gcloud',
  '.config/gh',
  '.config/github-copilot',
  '.config/composer/auth.json',
  '.config/containers/auth.json',
  '.config/doctl',
  '.config/sops',
  '.config/stripe',
  '.config/hub',
  '.config/glab-cli',
  '.config/git/credentials',
  '.config/op',
  '.config/rclone',
  '.config/Bitwarden',
  '.config/chromium',
  '.config/google-chrome',
  '.config/microsoft-edge',
  '.config/BraveSoftware',
  '.password-store',
  '.local/share/keyrings',
  '.mozilla',
  '.thunderbird',
  '.bash_history',
  '.zsh_history',
  'Library/Cookies',
  'Library/Keychains',
  'Library/Application Support/Firefox',
  'Library/Application Support/Google/Chrome',
  'Library/Application Support/gcloud',
] as const;

/** What runs at the next login or steers other programs, where the home folder itself is the workspace. */
const steeringOfHome = [
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.bash_aliases',
  '.profile',
  '.zshrc',
  '.zshenv',
  '.zprofile',
  '.gitconfig',
  '.config',
  '.local',
  'Library',
] as const;
