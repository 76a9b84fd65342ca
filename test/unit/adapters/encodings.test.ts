import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeText, isBinary } from '../../../src/adapters/node/encoding/decodeText.ts';
import { encodeText } from '../../../src/adapters/node/encoding/encodeText.ts';
import { encodings, type TextEncoding } from '../../../src/core/textForm.ts';

/** The bytes are those that another implementation made. */
const known: readonly (readonly [TextEncoding, string, string])[] = [
  ['GBK', '2f2f20bbf1c8a1d3c3bba7d0c5cfa20a696e742078203d20313b0a', '// 获取用户信息\nint x = 1;\n'],
  ['Big5', '2f2f20a8fab16fa8cfa5ceaaccb8eab0540a696e742078203d20313b0a', '// 取得使用者資訊\nint x = 1;\n'],
  [
    'Shift_JIS',
    '2f2f208386815b8355815b8fee95f182f08ee693be82b782e90a696e742078203d20313b0a',
    '// ユーザー情報を取得する\nint x = 1;\n',
  ],
  ['EUC-JP', '2320c0dfc4eaa5d5a5a1a5a4a5eba4f2c6c9a4e00a78203d20310a', '# 設定ファイルを読む\nx = 1\n'],
  [
    'EUC-KR',
    '2f2f20bbe7bfebc0da20c1a4bab8b8a620b0a1c1aebfc2b4d90a696e742078203d20313b0a',
    '// 사용자 정보를 가져온다\nint x = 1;\n',
  ],
  [
    'windows-1251',
    '2f2f20cfeeebf3f7e8f2fc20e4e0ededfbe50a696e742078203d20313b0a',
    '// Получить данные\nint x = 1;\n',
  ],
  ['KOI8-R', '2320f0cfccd5dec9d4d820c4c1ceced9c50a78203d20310a', '# Получить данные\nx = 1\n'],
  [
    'windows-1252',
    '2f2f204772f6df65207072fc66656e2096206e61ef766520934cf673756e67940a696e742078203d20313b0a',
    '// Größe prüfen – naïve “Lösung”\nint x = 1;\n',
  ],
  [
    'windows-1250',
    '2f2f205a61bff3b3e62067ea9c6cb9206a619ff10a696e742078203d20313b0a',
    '// Zażółć gęślą jaźń\nint x = 1;\n',
  ],
  [
    'windows-1253',
    '2f2f20cbdef8e720e4e5e4efecddedf9ed0a696e742078203d20313b0a',
    '// Λήψη δεδομένων\nint x = 1;\n',
  ],
  [
    'windows-1254',
    '2f2f204b756c6c616efd63fd2062696c67696c6572696e69206465f069fe7469720a696e742078203d20313b0a',
    '// Kullanıcı bilgilerini değiştir\nint x = 1;\n',
  ],
];

describe('K11 11a: a text in an older encoding is read, named as a guess, and written back as the same bytes', () => {
  for (const [encoding, hex, text] of known)
    test(encoding, () => {
      const bytes = Buffer.from(hex, 'hex');
      const read = { text, encoding, hasMark: false, isGuess: true, lostCharacters: 0 };
      assert.deepEqual(decodeText(bytes), read);
      assert.deepEqual(encodeText(text, read), { ok: true, bytes });
    });
});

const samples: Partial<Record<TextEncoding, readonly string[]>> = {
  GBK: [
    '代码',
    '中',
    '/* 测试 */',
    '// 注意：不要修改',
    'echo "错误：文件不存在"',
    '//TODO 优化性能',
    '#define 最大 10',
    '姓名,年龄,城市\n李雷,20,北京\n韩梅梅,21,上海\n',
    'String msg="余额不足";',
    '// 此处有bug',
    '苹果 香蕉 橘子',
    '<title>登录页面</title>\n<p>请输入密码</p>',
    '/* 作者：张三 创建于2010年 */',
    '春眠不觉晓，处处闻啼鸟',
  ],
  Big5: [
    '中文',
    '/* 測試 */',
    '// 注意：不要修改',
    '// 初始化設定',
    'printf("你好");',
    '姓名,年齡,城市\n王小明,20,台北\n',
    '"連線逾時，請重試"',
    '蘋果 香蕉',
    '春眠不覺曉，處處聞啼鳥',
    '確定',
  ],
  Shift_JIS: [
    '/* テスト */',
    '// 設定ファイル',
    '日本語',
    '// 初期化処理',
    '// 注意：変更しないこと',
    '// ﾌｧｲﾙ用',
    '契約書番号',
    '表示',
    '<option>東京都</option>',
    '名前,年齢,都市\n田中,20,東京\n',
    'りんご みかん',
    '//TODO 高速化',
  ],
  'EUC-JP': [
    '/* テスト */',
    '// 設定ファイル',
    '// 注意：変更しないこと',
    '// 初期化処理',
    '"エラーが発生しました"',
    'りんご みかん',
  ],
  'EUC-KR': [
    '/* 테스트 */',
    '한국어',
    '// 초기화',
    '// 주의: 수정하지 마십시오',
    '"오류가 발생했습니다"',
    '사과 바나나',
    '서울특별시',
    '확인',
  ],
  'windows-1251': [
    '/* тест */',
    'Привет',
    'МОСКВА',
    'да',
    '// ОШИБКА: файл не найден',
    '// Цикл for по x',
    'Слава Україні, її діти',
  ],
  'KOI8-R': ['/* тест */', 'Привет, мир', 'имя;возраст;город\nИван;20;Москва\n'],
  'windows-1252': [
    'é',
    'Straße',
    'résumé',
    'FENÊTRE FERMÉE',
    'print("¡Hola!")',
    '¿Qué pasó?',
    '5 µm ± 3°',
    'price: 5 €',
    '½ cup',
    'coração',
    '“Hello” isn’t',
    'œuvre d’art',
    'Bjørn Ærø',
    '© 2020 Müller GmbH',
    'perché la città è più bella',
    'Température : 25 °C',
  ],
};

describe('K11 11a: a few characters are enough to tell the encoding of a text', () => {
  for (const [encoding, texts] of Object.entries(samples) as [TextEncoding, readonly string[]][])
    for (const text of texts)
      test(`${encoding}: ${text}`, () => {
        const encoded = encodeText(text, { encoding, hasMark: false });
        assert.ok(encoded.ok, JSON.stringify(encoded));
        const read = decodeText(encoded.bytes);
        assert.deepEqual([read.text, read.encoding], [text, encoding]);
      });
});

describe('K11 11b, 11c: marks are taken off and tell the encoding', () => {
  const utf16 = Buffer.from('é = 1\r\n', 'utf16le');
  const marked: readonly (readonly [TextEncoding, Buffer])[] = [
    ['UTF-8', Buffer.from('\ufeffé = 1\r\n')],
    ['UTF-16 LE', Buffer.concat([Buffer.from('fffe', 'hex'), utf16])],
    ['UTF-16 BE', Buffer.concat([Buffer.from('feff', 'hex'), Buffer.from(utf16).swap16()])],
  ];
  for (const [encoding, bytes] of marked)
    test(encoding, () => {
      const read = { text: 'é = 1\r\n', encoding, hasMark: true, isGuess: false, lostCharacters: 0 };
      assert.deepEqual(decodeText(bytes), read);
      assert.deepEqual(encodeText(read.text, read), { ok: true, bytes });
    });
});

test('K11 11b: plain UTF-16 without a mark is a guess; a text with a few NULs is none', () => {
  const text = 'a line of a log\r\n';
  const littleEndian = Buffer.from(text, 'utf16le');
  const bigEndian = Buffer.from(littleEndian).swap16();
  const found = [littleEndian, bigEndian].map((bytes) => decodeText(bytes));
  assert.deepEqual(
    found.map((read) => [read.encoding, read.isGuess, read.text]),
    [
      ['UTF-16 LE', true, text],
      ['UTF-16 BE', true, text],
    ],
  );
  const withNuls = 'a\0b\0a line of a log with some more words\0\n';
  assert.deepEqual(
    [decodeText(Buffer.from(withNuls)).encoding, isBinary(Buffer.from(withNuls))],
    ['UTF-8', false],
  );
});

test('UTF-8 with damage stays UTF-8, and what is lost of it is counted; its own U+FFFD are not', () => {
  const damaged = Buffer.concat([
    Buffer.from('für \ufffd 中 '),
    Buffer.from('e4f6', 'hex'),
    Buffer.from(' end'),
  ]);
  const { encoding, text, lostCharacters } = decodeText(damaged);
  assert.deepEqual([encoding, text, lostCharacters], ['UTF-8', 'für \ufffd 中 \ufffd\ufffd end', 2]);
});

test('data is binary from 30% of NULs and bytes that are no character on', () => {
  const random = Buffer.from(
    Array.from({ length: 4096 }, (_, index) => (index * index * 31 + index * 7) % 251),
  );
  const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000010000000100806000000', 'hex');
  assert.deepEqual([random, png, Buffer.from('ab\0'), Buffer.from('abc\0')].map(isBinary), [
    true,
    true,
    true,
    false,
  ]);
});

test('K11 11e: a character that an encoding lacks is named, and nothing takes its place', () => {
  assert.deepEqual(encodeText('初期化 😀', { encoding: 'Shift_JIS', hasMark: false }), {
    ok: false,
    problem: 'Shift_JIS has no “😀” (U+1F600)',
  });
});

test('K11 11e: a text that would be read as another one is not written', () => {
  const encoded = encodeText('ж', { encoding: 'windows-1251', hasMark: false });
  assert.deepEqual(encoded, {
    ok: false,
    problem: 'a reader could not tell any more that it is windows-1251',
  });
});

test('every character that is written in an encoding is read as itself', () => {
  for (const encoding of Object.keys(encodings) as TextEncoding[]) {
    const [, , text = 'é'] = known.find(([name]) => name === encoding) ?? [];
    // Around a text of the encoding, so that it is known by that.
    for (const sign of ['a', '~', '\\', '|', '\t', '"'])
      assert.ok(
        encodeText(`${text}${sign}`, { encoding, hasMark: encoding.startsWith('UTF') }).ok,
        `${encoding} ${sign}`,
      );
  }
});
