/**
 * The commands of PowerShell that are known to read and print only, each with the parameters for which that holds, in
 * Windows PowerShell 5.1 and in 7. A parameter is missing here where in one of them it runs a block, writes a variable or a
 * file, follows links, reaches another machine or never ends. `Get-ChildItem -Recurse` is: Windows PowerShell goes through
 * links with it.
 */
import type { ParameterValue, PowerShellProgram } from './powerShellArguments.ts';

/** The names of a command and of its parameters, by spaces. */
interface Description extends Pick<
  PowerShellProgram,
  'takes' | 'gives' | 'takesRest' | 'needs' | 'words' | 'looksOnly'
> {
  readonly names: string;
  readonly parameters?: Partial<Record<ParameterValue, string>>;
  readonly positions?: string;
}

const property = { property: 'Property' };
const paths = { path: 'Path', literal: 'LiteralPath' };

const descriptions: readonly Description[] = [
  {
    names: 'Get-ChildItem gci ls dir',
    parameters: {
      ...paths,
      fileName: 'Filter Include Exclude',
      switch: 'Name Force File Directory Hidden ReadOnly System',
    },
    positions: 'Path Filter',
    looksOnly: true,
    takes: 'nothing',
    gives: 'objects',
  },
  {
    names: 'Get-Content gc cat type',
    parameters: {
      ...paths,
      switch: 'Raw',
      number: 'TotalCount Head First Tail Last ReadCount',
      encoding: 'Encoding',
    },
    positions: 'Path',
    takes: 'nothing',
    gives: 'text',
  },
  {
    names: 'Get-Item gi',
    parameters: { ...paths, switch: 'Force' },
    positions: 'Path',
    looksOnly: true,
    takes: 'nothing',
    gives: 'objects',
  },
  {
    names: 'Test-Path',
    parameters: { ...paths, switch: 'IsValid', word: 'PathType' },
    positions: 'Path',
    words: ['any', 'container', 'leaf'],
    looksOnly: true,
    takes: 'nothing',
    gives: 'objects',
  },
  {
    names: 'Resolve-Path rvpa',
    parameters: { ...paths, switch: 'Relative' },
    positions: 'Path',
    looksOnly: true,
    takes: 'nothing',
    gives: 'objects',
  },
  {
    names: 'Split-Path',
    parameters: { ...paths, switch: 'Parent Leaf Qualifier NoQualifier IsAbsolute' },
    positions: 'Path',
    looksOnly: true,
    takes: 'nothing',
    gives: 'objects',
  },
  {
    names: 'Get-FileHash',
    parameters: { ...paths, word: 'Algorithm' },
    positions: 'Path',
    words: ['md5', 'sha1', 'sha256', 'sha384', 'sha512'],
    takes: 'nothing',
    gives: 'objects',
  },
  // Of a file that is handed to it, it would search the content, and that may be a link.
  {
    names: 'Select-String sls',
    parameters: {
      ...paths,
      text: 'Pattern',
      switch: 'SimpleMatch CaseSensitive Quiet List NotMatch AllMatches',
      number: 'Context',
      fileName: 'Include Exclude',
      encoding: 'Encoding',
    },
    positions: 'Pattern Path',
    takes: 'text',
    gives: 'objects',
  },
  { names: 'Get-Location gl pwd', takes: 'nothing', gives: 'objects' },
  {
    names: 'Get-Date',
    parameters: { text: 'Date Format UFormat', word: 'DisplayHint' },
    positions: 'Date',
    words: ['date', 'time', 'datetime'],
    takes: 'nothing',
    gives: 'objects',
  },
  {
    names: 'Write-Output echo write',
    parameters: { text: 'InputObject', switch: 'NoEnumerate' },
    positions: 'InputObject',
    takesRest: true,
    takes: 'nothing',
    gives: 'text',
  },
  {
    names: 'Write-Host',
    parameters: { text: 'Object', switch: 'NoNewline' },
    positions: 'Object',
    takesRest: true,
    takes: 'nothing',
    gives: 'text',
  },
  {
    names: 'Select-Object select',
    parameters: {
      property: 'Property ExpandProperty ExcludeProperty',
      number: 'First Last Skip SkipLast Index',
      switch: 'Unique',
    },
    positions: 'Property',
    takes: 'data',
    gives: 'same',
  },
  {
    names: 'Sort-Object sort',
    parameters: { ...property, switch: 'Descending Unique CaseSensitive' },
    positions: 'Property',
    takes: 'data',
    gives: 'same',
  },
  {
    names: 'Measure-Object measure',
    parameters: {
      ...property,
      switch: 'Line Word Character IgnoreWhiteSpace Sum Average Maximum Minimum',
    },
    positions: 'Property',
    takes: 'data',
    gives: 'objects',
  },
  {
    names: 'Group-Object group',
    parameters: { ...property, switch: 'NoElement' },
    positions: 'Property',
    needs: ['property'],
    takes: 'data',
    gives: 'objects',
  },
  {
    names: 'Format-Table ft',
    parameters: { ...property, switch: 'AutoSize Wrap HideTableHeaders' },
    positions: 'Property',
    takes: 'data',
    gives: 'objects',
  },
  // What it shows of a file by itself is looked up behind a link.
  {
    names: 'Format-List fl',
    parameters: property,
    positions: 'Property',
    needs: ['property'],
    takes: 'data',
    gives: 'objects',
  },
  {
    names: 'Out-String',
    parameters: { number: 'Width', switch: 'Stream' },
    takes: 'data',
    gives: 'text',
  },
];

const all: ReadonlyMap<string, PowerShellProgram> = new Map(descriptions.flatMap(entriesOf));

/** What is known of the command of that name or default alias, in any case; undefined where nothing is. */
export function powerShellProgram(name: string): PowerShellProgram | undefined {
  return all.get(name.toLowerCase());
}

function entriesOf({ names, parameters = {}, positions = '', ...traits }: Description): Entry[] {
  const byName = Object.entries(parameters).flatMap(([value, named]) =>
    split(named).map((name) => [name, value as ParameterValue] as const),
  );
  const program = { ...traits, positions: split(positions), parameters: new Map(byName) };
  return split(names).map((name) => [name, program]);
}

type Entry = [name: string, program: PowerShellProgram];

function split(names: string): string[] {
  return names
    .toLowerCase()
    .split(' ')
    .filter((name) => name !== '');
}
