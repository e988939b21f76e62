var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __esm = (fn, res, err) =>
  function __init() {
    if (err) throw err[0];
    try {
      return (fn && (res = (0, fn[__getOwnPropNames(fn)[0]])((fn = 0))), res);
    } catch (e) {
      throw ((err = [e]), e);
    }
  };
var __commonJS = (cb, mod) =>
  function __require() {
    try {
      return (mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports);
    } catch (e) {
      throw ((mod = 0), e);
    }
  };
var __export = (target, all) => {
  for (var name in all) __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if ((from && typeof from === 'object') || typeof from === 'function') {
    for (const key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, {
          get: () => from[key],
          enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable,
        });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (
  (target = mod != null ? __create(__getProtoOf(mod)) : {}),
  __copyProps(
    // If the importer is in node compatibility mode or this is not an ESM
    // file that has been converted to a CommonJS file using a Babel-
    // compatible transform (i.e. "__esModule" has not been set), then set
    // "default" to the CommonJS "module.exports" for node compatibility.
    isNodeMode || !mod || !mod.__esModule ? __defProp(target, 'default', { value: mod, enumerable: true }) : target,
    mod,
  )
);

// src/format/wide-text.ts
var wide_text_exports = {};
__export(wide_text_exports, {
  graphemes: () => graphemes,
  width: () => width,
});

import stringWidth from 'string-width';

function width(text2) {
  return stringWidth(text2);
}
function graphemes(text2) {
  return Array.from(segmenter.segment(text2), ({ segment }) => segment);
}
var segmenter;
var init_wide_text = __esm({
  'src/format/wide-text.ts'() {
    segmenter = new Intl.Segmenter();
  },
});

// src/format/display-width.ts
async function loadWidths(texts) {
  if (wide) return;
  for (const text2 of texts) {
    if (!ONE_CELL_EACH.test(text2)) {
      wide = await Promise.resolve().then(() => (init_wide_text(), wide_text_exports));
      return;
    }
  }
}
function withoutColour(text2) {
  return text2.includes('\x1B') ? text2.replace(SGR, '') : text2;
}
function displayWidth(text2) {
  const plain2 = withoutColour(text2);
  if (ONE_CELL_EACH.test(plain2)) return plain2.length;
  return wide ? wide.width(plain2) : [...plain2].length;
}
function clusters(text2) {
  if (ONE_CELL_EACH.test(text2)) return text2.split('');
  return wide ? wide.graphemes(text2) : [...text2];
}
function head(text2, cells) {
  if (ONE_CELL_EACH.test(text2)) return text2.slice(0, Math.max(0, cells));
  let used = 0;
  let kept = '';
  for (const cluster of clusters(text2)) {
    used += displayWidth(cluster);
    if (used > cells) break;
    kept += cluster;
  }
  return kept;
}
function tail(text2, cells) {
  if (ONE_CELL_EACH.test(text2)) return cells <= 0 ? '' : text2.slice(-cells);
  let used = 0;
  let kept = '';
  for (const cluster of [...clusters(text2)].reverse()) {
    used += displayWidth(cluster);
    if (used > cells) break;
    kept = cluster + kept;
  }
  return kept;
}
function* cellsOf(text2) {
  for (const cluster of clusters(text2)) yield [cluster, displayWidth(cluster)];
}
var ONE_CELL_EACH, SGR, wide;
var init_display_width = __esm({
  'src/format/display-width.ts'() {
    ONE_CELL_EACH = /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e]*$/;
    SGR = /\x1b\[[0-9;]*m/g;
  },
});

// src/format/columns.ts
function fitColumns(wanted, total) {
  const widths = [...wanted];
  if (widths.some((w) => w === 0)) {
    const open = widths.map((w) => w === 0);
    for (let k = 0; k < widths.length; k++) if (open[k]) widths[k] = 1;
    let room = total - tableWidth(widths);
    while (room > 0) {
      for (let k = 0; k < widths.length && room > 0; k++) {
        if (!open[k]) continue;
        widths[k]++;
        room--;
      }
    }
  }
  for (;;) {
    const excess = tableWidth(widths) - total;
    if (excess <= 0) return widths;
    const last = widths.findLastIndex((w) => w > 0);
    if (last < 0) return widths;
    const shorter = widths[last] - excess;
    widths[last] = shorter < 1 ? -1 : shorter;
  }
}
function tableWidth(widths) {
  const visible = widths.filter((w) => w > 0);
  return visible.reduce((sum, w) => sum + w, 0) + SEPARATOR2 * (visible.length - 1);
}
var SEPARATOR2;
var init_columns = __esm({
  'src/format/columns.ts'() {
    SEPARATOR2 = 1;
  },
});

// src/format/bordered.ts
var bordered_exports = {};
__export(bordered_exports, {
  borderedTable: () => borderedTable,
});

import CliTable from 'cli-table3';

function borderedTable(columns, rows, width2, paint) {
  const wanted = columns.map((column, k) =>
    Math.max(
      displayWidth(column.label),
      column.width ?? Math.max(0, ...rows.flatMap((row2) => (row2[k] ?? '').split('\n').map(displayWidth))),
    ),
  );
  const widths = share(wanted, width2 - 3 * columns.length - 1);
  const shown = columns.flatMap((_, k) => ((widths[k] ?? 0) > 0 ? [k] : []));
  const table2 = new CliTable({
    head: shown.map((k) => paint(columns[k].label)),
    colWidths: shown.map((k) => widths[k] + 2),
    colAligns: shown.map((k) => columns[k].align),
    wordWrap: true,
    wrapOnWordBoundary: true,
    style: { head: [], border: [] },
  });
  for (const row2 of rows) table2.push(shown.map((k) => row2[k] ?? ''));
  return `${table2.toString()}
`;
}
function share(wanted, room) {
  const widths = wanted.map((w) => Math.max(1, w));
  const least = 8;
  for (;;) {
    const excess = widths.reduce((sum, w) => sum + w, 0) - room;
    if (excess <= 0) return widths;
    const widest = Math.max(...widths);
    if (widest <= least) return fitColumns(widths, room + widths.length - 1);
    widths[widths.indexOf(widest)] = widest - 1;
  }
}
var init_bordered = __esm({
  'src/format/bordered.ts'() {
    init_columns();
    init_display_width();
  },
});

// ../../main/node_modules/ipaddr.js/lib/ipaddr.js
var require_ipaddr = __commonJS({
  '../../main/node_modules/ipaddr.js/lib/ipaddr.js'(exports, module) {
    ((root) => {
      const ipv4Part = '(0?\\d+|0x[a-f0-9]+)';
      const ipv4Regexes = {
        fourOctet: new RegExp(`^${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}$`, 'i'),
        threeOctet: new RegExp(`^${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}$`, 'i'),
        twoOctet: new RegExp(`^${ipv4Part}\\.${ipv4Part}$`, 'i'),
        longValue: new RegExp(`^${ipv4Part}$`, 'i'),
      };
      const octalRegex = /^0[0-7]+$/i;
      const hexRegex = /^0x[a-f0-9]+$/i;
      const zoneIndex = '%[0-9a-z]{1,}';
      const ipv6Part = '(?:[0-9a-f]+::?)+';
      const ipv6Regexes = {
        zoneIndex: new RegExp(zoneIndex, 'i'),
        native: new RegExp(`^(::)?(${ipv6Part})?([0-9a-f]+)?(::)?(${zoneIndex})?$`, 'i'),
        deprecatedTransitional: new RegExp(
          `^(?:::)(${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}(${zoneIndex})?)$`,
          'i',
        ),
        transitional: new RegExp(
          `^((?:${ipv6Part})|(?:::)(?:${ipv6Part})?)${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}\\.${ipv4Part}(${zoneIndex})?$`,
          'i',
        ),
      };
      function expandIPv6(string, parts) {
        if (string.indexOf('::') !== string.lastIndexOf('::')) {
          return null;
        }
        let colonCount = 0;
        let lastColon = -1;
        let zoneId = (string.match(ipv6Regexes.zoneIndex) || [])[0];
        let replacement, replacementCount;
        if (zoneId) {
          zoneId = zoneId.substring(1);
          string = string.replace(/%.+$/, '');
        }
        while ((lastColon = string.indexOf(':', lastColon + 1)) >= 0) {
          colonCount++;
        }
        if (string.substr(0, 2) === '::') {
          colonCount--;
        }
        if (string.substr(-2, 2) === '::') {
          colonCount--;
        }
        if (colonCount >= parts) {
          return null;
        }
        replacementCount = parts - colonCount;
        replacement = ':';
        while (replacementCount--) {
          replacement += '0:';
        }
        string = string.replace('::', replacement);
        if (string[0] === ':') {
          string = string.slice(1);
        }
        if (string[string.length - 1] === ':') {
          string = string.slice(0, -1);
        }
        parts = (() => {
          const ref = string.split(':');
          const results = [];
          for (let i = 0; i < ref.length; i++) {
            results.push(ref[i].length > 4 ? NaN : parseInt(ref[i], 16));
          }
          return results;
        })();
        return {
          parts,
          zoneId,
        };
      }
      function matchCIDR(first, second, partSize, cidrBits) {
        if (first.length !== second.length) {
          throw new Error('ipaddr: cannot match CIDR for objects with different lengths');
        }
        let part = 0;
        let shift;
        while (cidrBits > 0) {
          shift = partSize - cidrBits;
          if (shift < 0) {
            shift = 0;
          }
          if (first[part] >> shift !== second[part] >> shift) {
            return false;
          }
          cidrBits -= partSize;
          part += 1;
        }
        return true;
      }
      function parseIntAuto(string) {
        if (hexRegex.test(string)) {
          return parseInt(string, 16);
        }
        if (string[0] === '0' && !isNaN(parseInt(string[1], 10))) {
          if (octalRegex.test(string)) {
            return parseInt(string, 8);
          }
          throw new Error(`ipaddr: cannot parse ${string} as octal`);
        }
        return parseInt(string, 10);
      }
      function padPart(part, length) {
        while (part.length < length) {
          part = `0${part}`;
        }
        return part;
      }
      const ipaddr2 = {};
      ipaddr2.IPv4 = (() => {
        function IPv4(octets) {
          if (octets.length !== 4) {
            throw new Error('ipaddr: ipv4 octet count should be 4');
          }
          let i, octet;
          for (i = 0; i < octets.length; i++) {
            octet = octets[i];
            if (!(0 <= octet && octet <= 255)) {
              throw new Error('ipaddr: ipv4 octet should fit in 8 bits');
            }
          }
          this.octets = octets;
        }
        IPv4.prototype.SpecialRanges = {
          unspecified: [[new IPv4([0, 0, 0, 0]), 8]],
          broadcast: [[new IPv4([255, 255, 255, 255]), 32]],
          // RFC3171
          multicast: [[new IPv4([224, 0, 0, 0]), 4]],
          // RFC3927
          linkLocal: [[new IPv4([169, 254, 0, 0]), 16]],
          // RFC5735
          loopback: [[new IPv4([127, 0, 0, 0]), 8]],
          // RFC6598
          carrierGradeNat: [[new IPv4([100, 64, 0, 0]), 10]],
          // RFC1918
          private: [
            [new IPv4([10, 0, 0, 0]), 8],
            [new IPv4([172, 16, 0, 0]), 12],
            [new IPv4([192, 168, 0, 0]), 16],
          ],
          // Reserved and testing-only ranges; RFCs 5735, 5737, 2544, 1700
          reserved: [
            [new IPv4([192, 0, 0, 0]), 24],
            [new IPv4([192, 0, 2, 0]), 24],
            [new IPv4([192, 88, 99, 0]), 24],
            [new IPv4([198, 18, 0, 0]), 15],
            [new IPv4([198, 51, 100, 0]), 24],
            [new IPv4([203, 0, 113, 0]), 24],
            [new IPv4([240, 0, 0, 0]), 4],
          ],
          // RFC7534, RFC7535
          as112: [
            [new IPv4([192, 175, 48, 0]), 24],
            [new IPv4([192, 31, 196, 0]), 24],
          ],
          // RFC7450
          amt: [[new IPv4([192, 52, 193, 0]), 24]],
        };
        IPv4.prototype.kind = () => 'ipv4';
        IPv4.prototype.match = function (other, cidrRange) {
          let ref;
          if (cidrRange === void 0) {
            ref = other;
            other = ref[0];
            cidrRange = ref[1];
          }
          if (other.kind() !== 'ipv4') {
            throw new Error('ipaddr: cannot match ipv4 address with non-ipv4 one');
          }
          return matchCIDR(this.octets, other.octets, 8, cidrRange);
        };
        IPv4.prototype.prefixLengthFromSubnetMask = function () {
          let cidr = 0;
          let stop = false;
          const zerotable = {
            0: 8,
            128: 7,
            192: 6,
            224: 5,
            240: 4,
            248: 3,
            252: 2,
            254: 1,
            255: 0,
          };
          let i, octet, zeros;
          for (i = 3; i >= 0; i -= 1) {
            octet = this.octets[i];
            if (octet in zerotable) {
              zeros = zerotable[octet];
              if (stop && zeros !== 0) {
                return null;
              }
              if (zeros !== 8) {
                stop = true;
              }
              cidr += zeros;
            } else {
              return null;
            }
          }
          return 32 - cidr;
        };
        IPv4.prototype.range = function () {
          return ipaddr2.subnetMatch(this, this.SpecialRanges);
        };
        IPv4.prototype.toByteArray = function () {
          return this.octets.slice(0);
        };
        IPv4.prototype.toIPv4MappedAddress = function () {
          return ipaddr2.IPv6.parse(`::ffff:${this.toString()}`);
        };
        IPv4.prototype.toNormalizedString = function () {
          return this.toString();
        };
        IPv4.prototype.toString = function () {
          return this.octets.join('.');
        };
        return IPv4;
      })();
      ipaddr2.IPv4.broadcastAddressFromCIDR = function (string) {
        try {
          const cidr = this.parseCIDR(string);
          const ipInterfaceOctets = cidr[0].toByteArray();
          const subnetMaskOctets = this.subnetMaskFromPrefixLength(cidr[1]).toByteArray();
          const octets = [];
          let i = 0;
          while (i < 4) {
            octets.push(parseInt(ipInterfaceOctets[i], 10) | (parseInt(subnetMaskOctets[i], 10) ^ 255));
            i++;
          }
          return new this(octets);
        } catch (e) {
          throw new Error('ipaddr: the address does not have IPv4 CIDR format', { cause: e });
        }
      };
      ipaddr2.IPv4.isIPv4 = function (string) {
        return this.parser(string) !== null;
      };
      ipaddr2.IPv4.isValid = function (string) {
        try {
          new this(this.parser(string));
          return true;
        } catch {
          return false;
        }
      };
      ipaddr2.IPv4.isValidCIDR = function (string) {
        try {
          this.parseCIDR(string);
          return true;
        } catch {
          return false;
        }
      };
      ipaddr2.IPv4.isValidFourPartDecimal = (string) => {
        if (ipaddr2.IPv4.isValid(string) && string.match(/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){3}$/)) {
          return true;
        } else {
          return false;
        }
      };
      ipaddr2.IPv4.isValidCIDRFourPartDecimal = (string) => {
        const match = string.match(/^(.+)\/(\d+)$/);
        if (!ipaddr2.IPv4.isValidCIDR(string) || !match) {
          return false;
        }
        return ipaddr2.IPv4.isValidFourPartDecimal(match[1]);
      };
      ipaddr2.IPv4.networkAddressFromCIDR = function (string) {
        let cidr, i, ipInterfaceOctets, octets, subnetMaskOctets;
        try {
          cidr = this.parseCIDR(string);
          ipInterfaceOctets = cidr[0].toByteArray();
          subnetMaskOctets = this.subnetMaskFromPrefixLength(cidr[1]).toByteArray();
          octets = [];
          i = 0;
          while (i < 4) {
            octets.push(parseInt(ipInterfaceOctets[i], 10) & parseInt(subnetMaskOctets[i], 10));
            i++;
          }
          return new this(octets);
        } catch (e) {
          throw new Error('ipaddr: the address does not have IPv4 CIDR format', { cause: e });
        }
      };
      ipaddr2.IPv4.parse = function (string) {
        const parts = this.parser(string);
        if (parts === null) {
          throw new Error('ipaddr: string is not formatted like an IPv4 Address');
        }
        return new this(parts);
      };
      ipaddr2.IPv4.parseCIDR = function (string) {
        let match;
        if ((match = string.match(/^(.+)\/(\d+)$/))) {
          const maskLength = parseInt(match[2]);
          if (maskLength >= 0 && maskLength <= 32) {
            const parsed = [this.parse(match[1]), maskLength];
            Object.defineProperty(parsed, 'toString', {
              value: function () {
                return this.join('/');
              },
            });
            return parsed;
          }
        }
        throw new Error('ipaddr: string is not formatted like an IPv4 CIDR range');
      };
      ipaddr2.IPv4.parser = (string) => {
        let match, part, value;
        if ((match = string.match(ipv4Regexes.fourOctet))) {
          return (() => {
            const ref = match.slice(1, 6);
            const results = [];
            for (let i = 0; i < ref.length; i++) {
              part = ref[i];
              results.push(parseIntAuto(part));
            }
            return results;
          })();
        } else if ((match = string.match(ipv4Regexes.longValue))) {
          value = parseIntAuto(match[1]);
          if (value > 4294967295 || value < 0) {
            throw new Error('ipaddr: address outside defined range');
          }
          return (() => {
            const results = [];
            let shift;
            for (shift = 0; shift <= 24; shift += 8) {
              results.push((value >> shift) & 255);
            }
            return results;
          })().reverse();
        } else if ((match = string.match(ipv4Regexes.twoOctet))) {
          return (() => {
            const ref = match.slice(1, 4);
            const results = [];
            value = parseIntAuto(ref[1]);
            if (value > 16777215 || value < 0) {
              throw new Error('ipaddr: address outside defined range');
            }
            results.push(parseIntAuto(ref[0]));
            results.push((value >> 16) & 255);
            results.push((value >> 8) & 255);
            results.push(value & 255);
            return results;
          })();
        } else if ((match = string.match(ipv4Regexes.threeOctet))) {
          return (() => {
            const ref = match.slice(1, 5);
            const results = [];
            value = parseIntAuto(ref[2]);
            if (value > 65535 || value < 0) {
              throw new Error('ipaddr: address outside defined range');
            }
            results.push(parseIntAuto(ref[0]));
            results.push(parseIntAuto(ref[1]));
            results.push((value >> 8) & 255);
            results.push(value & 255);
            return results;
          })();
        } else {
          return null;
        }
      };
      ipaddr2.IPv4.subnetMaskFromPrefixLength = function (prefix) {
        prefix = parseInt(prefix);
        if (Number.isNaN(prefix) || prefix < 0 || prefix > 32) {
          throw new Error('ipaddr: invalid IPv4 prefix length');
        }
        const octets = [0, 0, 0, 0];
        let j = 0;
        const filledOctetCount = Math.floor(prefix / 8);
        while (j < filledOctetCount) {
          octets[j] = 255;
          j++;
        }
        if (filledOctetCount < 4) {
          octets[filledOctetCount] = (2 ** (prefix % 8) - 1) << (8 - (prefix % 8));
        }
        return new this(octets);
      };
      ipaddr2.IPv6 = (() => {
        function IPv6(parts, zoneId) {
          let i, part;
          if (parts.length === 16) {
            this.parts = [];
            for (i = 0; i <= 14; i += 2) {
              this.parts.push((parts[i] << 8) | parts[i + 1]);
            }
          } else if (parts.length === 8) {
            this.parts = parts;
          } else {
            throw new Error('ipaddr: ipv6 part count should be 8 or 16');
          }
          for (i = 0; i < this.parts.length; i++) {
            part = this.parts[i];
            if (!(0 <= part && part <= 65535)) {
              throw new Error('ipaddr: ipv6 part should fit in 16 bits');
            }
          }
          if (zoneId) {
            this.zoneId = zoneId;
          }
        }
        IPv6.prototype.SpecialRanges = {
          // RFC4291, here and after
          unspecified: [new IPv6([0, 0, 0, 0, 0, 0, 0, 0]), 128],
          linkLocal: [new IPv6([65152, 0, 0, 0, 0, 0, 0, 0]), 10],
          multicast: [new IPv6([65280, 0, 0, 0, 0, 0, 0, 0]), 8],
          loopback: [new IPv6([0, 0, 0, 0, 0, 0, 0, 1]), 128],
          uniqueLocal: [new IPv6([64512, 0, 0, 0, 0, 0, 0, 0]), 7],
          ipv4Mapped: [new IPv6([0, 0, 0, 0, 0, 65535, 0, 0]), 96],
          // RFC3879
          deprecatedSiteLocal: [new IPv6([65216, 0, 0, 0, 0, 0, 0, 0]), 10],
          // RFC6666
          discard: [new IPv6([256, 0, 0, 0, 0, 0, 0, 0]), 64],
          // RFC6145
          rfc6145: [new IPv6([0, 0, 0, 0, 65535, 0, 0, 0]), 96],
          rfc6052: [
            // RFC6052
            [new IPv6([100, 65435, 0, 0, 0, 0, 0, 0]), 96],
            // RFC8215
            [new IPv6([100, 65435, 1, 0, 0, 0, 0, 0]), 48],
          ],
          // RFC3056
          '6to4': [new IPv6([8194, 0, 0, 0, 0, 0, 0, 0]), 16],
          // RFC6052, RFC6146
          teredo: [new IPv6([8193, 0, 0, 0, 0, 0, 0, 0]), 32],
          // RFC5180
          benchmarking: [new IPv6([8193, 2, 0, 0, 0, 0, 0, 0]), 48],
          // RFC7450
          amt: [new IPv6([8193, 3, 0, 0, 0, 0, 0, 0]), 32],
          as112v6: [
            // RFC7535
            [new IPv6([8193, 4, 274, 0, 0, 0, 0, 0]), 48],
            // RFC7534
            [new IPv6([9760, 79, 32768, 0, 0, 0, 0, 0]), 48],
          ],
          // RFC4843
          deprecatedOrchid: [new IPv6([8193, 16, 0, 0, 0, 0, 0, 0]), 28],
          // RFC7343
          orchid2: [new IPv6([8193, 32, 0, 0, 0, 0, 0, 0]), 28],
          // RFC9374
          droneRemoteIdProtocolEntityTags: [new IPv6([8193, 48, 0, 0, 0, 0, 0, 0]), 28],
          // RFC9602
          segmentRouting: [new IPv6([24320, 0, 0, 0, 0, 0, 0, 0]), 16],
          reserved: [
            // RFC3849
            [new IPv6([8193, 0, 0, 0, 0, 0, 0, 0]), 23],
            // RFC2928
            [new IPv6([8193, 3512, 0, 0, 0, 0, 0, 0]), 32],
            // RFC9637
            [new IPv6([16383, 0, 0, 0, 0, 0, 0, 0]), 20],
          ],
        };
        IPv6.prototype.isIPv4MappedAddress = function () {
          return this.range() === 'ipv4Mapped';
        };
        IPv6.prototype.kind = () => 'ipv6';
        IPv6.prototype.match = function (other, cidrRange) {
          let ref;
          if (cidrRange === void 0) {
            ref = other;
            other = ref[0];
            cidrRange = ref[1];
          }
          if (other.kind() !== 'ipv6') {
            throw new Error('ipaddr: cannot match ipv6 address with non-ipv6 one');
          }
          return matchCIDR(this.parts, other.parts, 16, cidrRange);
        };
        IPv6.prototype.prefixLengthFromSubnetMask = function () {
          let cidr = 0;
          let stop = false;
          const zerotable = {
            0: 16,
            32768: 15,
            49152: 14,
            57344: 13,
            61440: 12,
            63488: 11,
            64512: 10,
            65024: 9,
            65280: 8,
            65408: 7,
            65472: 6,
            65504: 5,
            65520: 4,
            65528: 3,
            65532: 2,
            65534: 1,
            65535: 0,
          };
          let part, zeros;
          for (let i = 7; i >= 0; i -= 1) {
            part = this.parts[i];
            if (part in zerotable) {
              zeros = zerotable[part];
              if (stop && zeros !== 0) {
                return null;
              }
              if (zeros !== 16) {
                stop = true;
              }
              cidr += zeros;
            } else {
              return null;
            }
          }
          return 128 - cidr;
        };
        IPv6.prototype.range = function () {
          return ipaddr2.subnetMatch(this, this.SpecialRanges);
        };
        IPv6.prototype.toByteArray = function () {
          let part;
          const bytes = [];
          const ref = this.parts;
          for (let i = 0; i < ref.length; i++) {
            part = ref[i];
            bytes.push(part >> 8);
            bytes.push(part & 255);
          }
          return bytes;
        };
        IPv6.prototype.toFixedLengthString = function () {
          const addr = function () {
            const results = [];
            for (let i = 0; i < this.parts.length; i++) {
              results.push(padPart(this.parts[i].toString(16), 4));
            }
            return results;
          }
            .call(this)
            .join(':');
          let suffix = '';
          if (this.zoneId) {
            suffix = `%${this.zoneId}`;
          }
          return addr + suffix;
        };
        IPv6.prototype.toIPv4Address = function () {
          if (!this.isIPv4MappedAddress()) {
            throw new Error('ipaddr: trying to convert a generic ipv6 address to ipv4');
          }
          const ref = this.parts.slice(-2);
          const high = ref[0];
          const low = ref[1];
          return new ipaddr2.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
        };
        IPv6.prototype.toNormalizedString = function () {
          const addr = function () {
            const results = [];
            for (let i = 0; i < this.parts.length; i++) {
              results.push(this.parts[i].toString(16));
            }
            return results;
          }
            .call(this)
            .join(':');
          let suffix = '';
          if (this.zoneId) {
            suffix = `%${this.zoneId}`;
          }
          return addr + suffix;
        };
        IPv6.prototype.toRFC5952String = function () {
          const regex = /((^|:)(0(:|$)){2,})/g;
          let suffix = '';
          if (this.zoneId) {
            suffix = `%${this.zoneId}`;
          }
          const normalized = this.toNormalizedString();
          const string = normalized.slice(0, normalized.length - suffix.length);
          let bestMatchIndex = 0;
          let bestMatchLength = -1;
          let bestMatchGroups = -1;
          let match;
          while ((match = regex.exec(string))) {
            const groups = (match[0].match(/0/g) || []).length;
            if (groups > bestMatchGroups) {
              bestMatchGroups = groups;
              bestMatchIndex = match.index;
              bestMatchLength = match[0].length;
            }
          }
          if (bestMatchLength < 0) {
            return string + suffix;
          }
          return `${string.substring(0, bestMatchIndex)}::${string.substring(bestMatchIndex + bestMatchLength)}${suffix}`;
        };
        IPv6.prototype.toString = function () {
          return this.toRFC5952String();
        };
        return IPv6;
      })();
      ipaddr2.IPv6.broadcastAddressFromCIDR = function (string) {
        try {
          const cidr = this.parseCIDR(string);
          const ipInterfaceOctets = cidr[0].toByteArray();
          const subnetMaskOctets = this.subnetMaskFromPrefixLength(cidr[1]).toByteArray();
          const octets = [];
          let i = 0;
          while (i < 16) {
            octets.push(parseInt(ipInterfaceOctets[i], 10) | (parseInt(subnetMaskOctets[i], 10) ^ 255));
            i++;
          }
          return new this(octets);
        } catch (e) {
          throw new Error('ipaddr: the address does not have IPv6 CIDR format', { cause: e });
        }
      };
      ipaddr2.IPv6.isIPv6 = function (string) {
        return this.parser(string) !== null;
      };
      ipaddr2.IPv6.isValid = function (string) {
        if (typeof string === 'string' && string.indexOf(':') === -1) {
          return false;
        }
        try {
          const addr = this.parser(string);
          new this(addr.parts, addr.zoneId);
          return true;
        } catch {
          return false;
        }
      };
      ipaddr2.IPv6.isValidCIDR = function (string) {
        if (typeof string === 'string' && string.indexOf(':') === -1) {
          return false;
        }
        try {
          this.parseCIDR(string);
          return true;
        } catch {
          return false;
        }
      };
      ipaddr2.IPv6.networkAddressFromCIDR = function (string) {
        let cidr, i, ipInterfaceOctets, octets, subnetMaskOctets;
        try {
          cidr = this.parseCIDR(string);
          ipInterfaceOctets = cidr[0].toByteArray();
          subnetMaskOctets = this.subnetMaskFromPrefixLength(cidr[1]).toByteArray();
          octets = [];
          i = 0;
          while (i < 16) {
            octets.push(parseInt(ipInterfaceOctets[i], 10) & parseInt(subnetMaskOctets[i], 10));
            i++;
          }
          return new this(octets);
        } catch (e) {
          throw new Error('ipaddr: the address does not have IPv6 CIDR format', { cause: e });
        }
      };
      ipaddr2.IPv6.parse = function (string) {
        const addr = this.parser(string);
        if (addr === null) {
          throw new Error('ipaddr: string is not formatted like an IPv6 Address');
        }
        return new this(addr.parts, addr.zoneId);
      };
      ipaddr2.IPv6.parseCIDR = function (string) {
        let maskLength, match, parsed;
        if ((match = string.match(/^(.+)\/(\d+)$/))) {
          maskLength = parseInt(match[2]);
          if (maskLength >= 0 && maskLength <= 128) {
            parsed = [this.parse(match[1]), maskLength];
            Object.defineProperty(parsed, 'toString', {
              value: function () {
                return this.join('/');
              },
            });
            return parsed;
          }
        }
        throw new Error('ipaddr: string is not formatted like an IPv6 CIDR range');
      };
      ipaddr2.IPv6.parser = function (string) {
        let addr, i, match, octet, octets, zoneId;
        if ((match = string.match(ipv6Regexes.deprecatedTransitional))) {
          return this.parser(`::ffff:${match[1]}`);
        }
        if (ipv6Regexes.native.test(string)) {
          return expandIPv6(string, 8);
        }
        if ((match = string.match(ipv6Regexes.transitional))) {
          zoneId = match[6] || '';
          addr = match[1];
          if (!match[1].endsWith('::')) {
            addr = addr.slice(0, -1);
          }
          addr = expandIPv6(addr + zoneId, 6);
          if (addr && addr.parts) {
            octets = [parseInt(match[2]), parseInt(match[3]), parseInt(match[4]), parseInt(match[5])];
            for (i = 0; i < octets.length; i++) {
              octet = octets[i];
              if (!(0 <= octet && octet <= 255)) {
                return null;
              }
            }
            addr.parts.push((octets[0] << 8) | octets[1]);
            addr.parts.push((octets[2] << 8) | octets[3]);
            return {
              parts: addr.parts,
              zoneId: addr.zoneId,
            };
          }
        }
        return null;
      };
      ipaddr2.IPv6.subnetMaskFromPrefixLength = function (prefix) {
        prefix = parseInt(prefix);
        if (Number.isNaN(prefix) || prefix < 0 || prefix > 128) {
          throw new Error('ipaddr: invalid IPv6 prefix length');
        }
        const octets = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let j = 0;
        const filledOctetCount = Math.floor(prefix / 8);
        while (j < filledOctetCount) {
          octets[j] = 255;
          j++;
        }
        if (filledOctetCount < 16) {
          octets[filledOctetCount] = (2 ** (prefix % 8) - 1) << (8 - (prefix % 8));
        }
        return new this(octets);
      };
      ipaddr2.fromByteArray = (bytes) => {
        const length = bytes.length;
        if (length === 4) {
          return new ipaddr2.IPv4(bytes);
        } else if (length === 16) {
          return new ipaddr2.IPv6(bytes);
        } else {
          throw new Error('ipaddr: the binary input is neither an IPv6 nor IPv4 address');
        }
      };
      ipaddr2.isValid = (string) => ipaddr2.IPv6.isValid(string) || ipaddr2.IPv4.isValid(string);
      ipaddr2.isValidCIDR = (string) => ipaddr2.IPv6.isValidCIDR(string) || ipaddr2.IPv4.isValidCIDR(string);
      ipaddr2.parse = (string) => {
        if (ipaddr2.IPv6.isValid(string)) {
          return ipaddr2.IPv6.parse(string);
        } else if (ipaddr2.IPv4.isValid(string)) {
          return ipaddr2.IPv4.parse(string);
        } else {
          throw new Error('ipaddr: the address has neither IPv6 nor IPv4 format');
        }
      };
      ipaddr2.parseCIDR = (string) => {
        try {
          return ipaddr2.IPv6.parseCIDR(string);
        } catch {
          try {
            return ipaddr2.IPv4.parseCIDR(string);
          } catch (e) {
            throw new Error('ipaddr: the address has neither IPv6 nor IPv4 CIDR format', { cause: e });
          }
        }
      };
      ipaddr2.process = function (string) {
        const addr = this.parse(string);
        if (addr.kind() === 'ipv6' && addr.isIPv4MappedAddress()) {
          return addr.toIPv4Address();
        } else {
          return addr;
        }
      };
      ipaddr2.subnetMatch = (address, rangeList, defaultName) => {
        let i, rangeName, rangeSubnets, subnet;
        if (defaultName === void 0 || defaultName === null) {
          defaultName = 'unicast';
        }
        for (rangeName in rangeList) {
          if (Object.hasOwn(rangeList, rangeName)) {
            rangeSubnets = rangeList[rangeName];
            if (rangeSubnets[0] && !(rangeSubnets[0] instanceof Array)) {
              rangeSubnets = [rangeSubnets];
            }
            for (i = 0; i < rangeSubnets.length; i++) {
              subnet = rangeSubnets[i];
              if (address.kind() === subnet[0].kind() && address.match.apply(address, subnet)) {
                return rangeName;
              }
            }
          }
        }
        return defaultName;
      };
      if (typeof module !== 'undefined' && module.exports) {
        module.exports = ipaddr2;
      } else {
        root.ipaddr = ipaddr2;
      }
    })(exports);
  },
});

// src/connector/wildcard.ts
function sameText(a, b) {
  if (a === b) return true;
  return foldText(a) === foldText(b);
}
function foldText(text2) {
  return isAscii(text2) ? text2.toLowerCase() : foldAll(text2).join('');
}
function isAscii(text2) {
  return !/[^\x00-\x7f]/.test(text2);
}
function foldAll(text2) {
  return isAscii(text2) ? text2.toLowerCase().split('') : Array.from(text2, fold);
}
function fold(char) {
  if (char < '\x80') return char.toLowerCase();
  if (char === '\u0130' || char === '\u0131') return char;
  const upper = char.toUpperCase();
  const viaUpper = isOne(upper) ? upper.toLowerCase() : char.toLowerCase();
  return isOne(viaUpper) ? viaUpper : char;
}
function isOne(text2) {
  return text2.length === 1 || (text2.length === 2 && text2.codePointAt(0) > 65535);
}

// src/cmdlet/value.ts
var Hashtable = class {
  entries = /* @__PURE__ */ new Map();
  get(key) {
    const direct = this.entries.get(key);
    if (direct !== void 0) return direct;
    const lower = key.toLowerCase();
    for (const [k, v] of this.entries) if (k.toLowerCase() === lower) return v;
    return void 0;
  }
  set(key, value) {
    const lower = key.toLowerCase();
    for (const k of this.entries.keys()) {
      if (k.toLowerCase() === lower) {
        this.entries.set(k, value);
        return;
      }
    }
    this.entries.set(key, value);
  }
  toString() {
    return 'System.Collections.Hashtable';
  }
};
var PsObject = class _PsObject {
  constructor(type, properties) {
    this.type = type;
    this.properties = properties;
  }
  type;
  properties;
  /** The property's own spelling, or `undefined`. */
  nameOf(name) {
    if (Object.hasOwn(this.properties, name)) return name;
    const lower = name.toLowerCase();
    for (const key in this.properties) if (key.length === lower.length && key.toLowerCase() === lower) return key;
    return void 0;
  }
  /** The property's value, or `undefined` when there is none of that name. */
  get(name) {
    const key = this.nameOf(name);
    return key === void 0 ? void 0 : this.properties[key];
  }
  /** The same object with one property set (added at the end when it is new). */
  with(name, value) {
    return new _PsObject(this.type, { ...this.properties, [this.nameOf(name) ?? name]: value });
  }
  toString() {
    const pairs = Object.entries(this.properties).map(([k, v]) => `${k}=${printed(v)}`);
    return `@{${pairs.join('; ')}}`;
  }
};
function isScriptBlock(value) {
  return typeof value === 'object' && value !== null && value.kind === 'scriptblock';
}
function printed(value) {
  if (value === null || value === void 0) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return value.map((item) => printed(item)).join(' ');
  if (value instanceof Date) return dateText(value);
  if (isScriptBlock(value)) return value.text;
  return String(value);
}
function dateText(date) {
  const two = (n) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

// src/cmdlet/property-expression.ts
function propertyNames(value) {
  if (value instanceof PsObject) return Object.keys(value.properties);
  if (value instanceof Hashtable) return [...value.entries.keys()];
  return typeof value === 'string' ? ['Length'] : [];
}
function property(value, name) {
  if (value instanceof PsObject || value instanceof Hashtable) return value.get(name);
  if (typeof value === 'string' && name.toLowerCase() === 'length') return value.length;
  return void 0;
}

// src/format/csv.ts
async function* csvLines(objects, options = {}) {
  const delimiter = options.delimiter ?? ',';
  let columns = options.columns;
  let started = false;
  for await (const object of objects) {
    if (object === null) continue;
    columns ??= propertyNames(object);
    if (!started) {
      started = true;
      if (options.typeInformation && object instanceof Object && 'type' in object)
        yield `#TYPE ${object.type}
`;
      if (!options.noHeader)
        yield `${columns.map((name) => field(name, name, options)).join(delimiter)}
`;
    }
    const cells = columns.map((name) => field(csvText(property(object, name)), name, options));
    yield `${cells.join(delimiter)}
`;
  }
}
function csvText(value) {
  if (value === null || value === void 0) return '';
  if (Array.isArray(value)) return value.map(csvText).join(', ');
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return printed(value);
}
function field(text2, name, options) {
  const quoted = `"${text2.replaceAll('"', '""')}"`;
  if (options.quoteFields)
    return options.quoteFields.some((f) => f.toLowerCase() === name.toLowerCase()) ? quoted : text2;
  switch (options.useQuotes ?? 'Always') {
    case 'Never':
      return text2;
    case 'AsNeeded':
      return text2.includes(options.delimiter ?? ',') || /["\r\n]/.test(text2) ? quoted : text2;
    case 'Always':
      return quoted;
  }
}

// src/format/hold.ts
var Hold = class {
  #source;
  #coming;
  constructor(source) {
    this.#source = source;
  }
  /** The next element without taking it; `undefined` at the end, or when none came before `until` (milliseconds, Date.now). */
  async peek(until) {
    this.#coming ??= this.#source.next();
    const result = until === void 0 ? await this.#coming : await this.#before(until);
    return result === void 0 || result.done ? void 0 : result.value;
  }
  /** Forgets the element that `peek` gave. */
  take() {
    this.#coming = void 0;
  }
  /** The next element; `undefined` at the end. */
  async next() {
    const result = await this.peek();
    if (result !== void 0) this.take();
    return result;
  }
  /** Tells the source that nothing more is wanted. */
  async close() {
    await this.#source.return?.();
  }
  /** Elements that are there at once never run into the time limit, however slow the machine is. */
  async #before(until) {
    const coming = this.#coming;
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve(void 0), Math.max(0, until - Date.now()));
    });
    const result = await Promise.race([coming, late]);
    clearTimeout(timer);
    return result;
  }
};

// src/format/json.ts
function plainJson(value, depth = 100) {
  if (value === null || value === void 0 || typeof value === 'string' || typeof value === 'boolean')
    return value ?? null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) {
    if (depth < 0) return printed(value);
    return value.map((item) => plainJson(item, depth - 1));
  }
  if (value instanceof PsObject) {
    if (depth < 0) return printed(value);
    const plain2 = {};
    for (const name in value.properties) own(plain2, name, plainJson(value.properties[name] ?? null, depth - 1));
    return plain2;
  }
  if (value instanceof Hashtable) {
    if (depth < 0) return printed(value);
    const plain2 = {};
    for (const [name, item] of value.entries) own(plain2, name, plainJson(item, depth - 1));
    return plain2;
  }
  return isScriptBlock(value) ? value.text : String(value);
}
function own(object, name, value) {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true });
  else object[name] = value;
}
function jsonText(value, options = {}) {
  return terminalSafe(JSON.stringify(plainJson(value, options.depth), null, options.indent));
}
var ACTIVE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
function terminalSafe(json) {
  return json.replace(ACTIVE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
function ndjsonLine(value) {
  return `${jsonText(value)}
`;
}

// src/format/layout.ts
init_display_width();

// src/format/list.ts
init_display_width();

// src/format/wrap.ts
init_display_width();
var SOFT_HYPHEN = '\xAD';
function wrap(text2, width2) {
  if (text2 === '') return [''];
  const lines = [];
  for (const line of text2.split('\n')) wrapLine(line, width2, lines);
  return lines;
}
function wrapLine(text2, width2, lines) {
  if (displayWidth(text2) <= width2) {
    lines.push(text2);
    return;
  }
  let line = '';
  let left = width2;
  for (const word of words(text2, () => left)) {
    const cells = displayWidth(word);
    if (cells <= left) {
      line += word;
      left -= cells;
    } else if (cells <= width2) {
      lines.push(line);
      line = word;
      left = width2 - cells;
    } else {
      for (const [cluster, size] of cellsOf(word)) {
        const [drawn, taken] = size > width2 ? ['?', 1] : [cluster, size];
        if (taken > left) {
          lines.push(line);
          line = drawn;
          left = width2 - taken;
        } else {
          line += drawn;
          left -= taken;
        }
      }
    }
  }
  lines.push(line);
}
function* words(text2, left) {
  let word = '';
  for (const char of text2) {
    if (char === ' ' || char === '	') {
      yield word + char;
      word = '';
    } else if (char === SOFT_HYPHEN) {
      yield displayWidth(word) + 1 === left() ? `${word}-` : word;
      word = '';
    } else word += char;
  }
  yield word;
}

// src/format/list.ts
var SEPARATOR = ' : ';
function listLines(labels, values, width2, paint) {
  if (!labels.length || width2 < SEPARATOR.length + 2) return [];
  const longest = Math.max(...labels.map(displayWidth));
  const column = Math.min(longest, width2 - SEPARATOR.length - 1);
  const room = width2 - column - SEPARATOR.length;
  const indent = ' '.repeat(column + SEPARATOR.length);
  const lines = [];
  for (let k = 0; k < labels.length; k++) {
    const label = head(labels[k], column);
    const first = paint(label + ' '.repeat(column - displayWidth(label)) + SEPARATOR);
    const pieces = wrap(values[k] ?? '', room);
    for (let n = 0; n < pieces.length; n++) lines.push((n === 0 ? first : indent) + pieces[n]);
  }
  return lines;
}

// src/format/style.ts
var plain = (text2) => text2;
var accent = (text2) => (text2.trim() === '' ? text2 : `\x1B[32;1m${text2}\x1B[0m`);
function headerPaint(colour) {
  return colour ? accent : plain;
}

// src/format/table.ts
init_columns();
init_display_width();
var SMALLEST_SCREEN = 5;
var ELLIPSIS = '\u2026';
var Table = class {
  #columns;
  #widths;
  #wrap;
  /** @param rows the rows the widths are taken from; later rows are cut to fit. */
  constructor(columns, rows, width2, wrapped = false) {
    const wanted = columns.map((column) => column.width ?? displayWidth(column.label));
    for (const row2 of rows) {
      for (let k = 0; k < columns.length; k++) {
        if (columns[k].width !== void 0) continue;
        const cells = cellWidth(row2[k] ?? '');
        if (cells > wanted[k]) wanted[k] = cells;
      }
    }
    const widths =
      width2 < SMALLEST_SCREEN
        ? []
        : fitColumns(
            wanted.map((w) => Math.max(1, w)),
            width2,
          );
    this.#columns = columns.filter((_, k) => (widths[k] ?? -1) > 0);
    this.#widths = widths.filter((w) => w > 0);
    this.#visible = widths.flatMap((w, k) => (w > 0 ? [k] : []));
    this.#wrap = wrapped;
  }
  #visible;
  /** Titles and dashes. */
  header(paint) {
    if (!this.#columns.length) return [];
    const labels = this.#columns.map((column) => column.label);
    const dashes = this.#columns.map((column, k) =>
      '-'.repeat(Math.min(this.#widths[k], displayWidth(column.label) || this.#widths[k])),
    );
    return [...this.#lines(labels, paint), this.#line(dashes, paint)];
  }
  /** One object's cells: one line, or several when wrapping. */
  row(cells) {
    if (!this.#columns.length) return [];
    const shown = this.#visible.map((k) => cells[k] ?? '');
    return this.#wrap ? this.#lines(shown, plain) : [this.#line(shown, plain)];
  }
  #line(cells, paint) {
    let line = '';
    for (let k = 0; k < cells.length; k++) {
      const field2 = fit(cells[k], this.#widths[k], this.#columns[k].align, k < cells.length - 1);
      line += (k ? ' ' : '') + paint(field2);
    }
    return line;
  }
  /** Cells broken into lines within their columns. */
  #lines(cells, paint) {
    const broken = cells.map((cell, k) => wrap(cell, this.#widths[k]));
    const height = Math.max(...broken.map((lines) => lines.length));
    const out = [];
    for (let row2 = 0; row2 < height; row2++) {
      const last = broken.findLastIndex((lines) => lines.length > row2);
      let line = '';
      for (let k = 0; k <= last; k++) {
        const { align } = this.#columns[k];
        let field2 = pad(broken[k][row2] ?? '', this.#widths[k], align, k < cells.length - 1);
        if (k === last && height > 1) field2 = field2.trimEnd();
        line += paint((k ? ' ' : '') + field2);
      }
      out.push(line);
    }
    return out;
  }
};
function cellWidth(text2) {
  return text2.includes('\n') ? displayWidth(oneLine(text2)) : displayWidth(text2);
}
function oneLine(text2) {
  const end = text2.indexOf('\n');
  return end < 0 ? text2 : text2.slice(0, end) + ELLIPSIS;
}
function fit(value, width2, align, padRight) {
  const text2 = oneLine(value);
  if (displayWidth(text2) <= width2) return pad(text2, width2, align, padRight);
  const room = width2 - 1;
  let cut;
  if (align === 'right') cut = room > 0 ? ELLIPSIS + tail(text2, room) : tail(text2, width2);
  else cut = room > 0 ? head(text2, room) + ELLIPSIS : head(text2, width2);
  return pad(cut, width2, align === 'center' ? 'left' : align, padRight);
}
function pad(text2, width2, align, padRight) {
  const missing = width2 - displayWidth(text2);
  if (missing <= 0) return text2;
  if (align === 'right') return ' '.repeat(missing) + text2;
  const left = align === 'center' ? Math.floor(missing / 2) : 0;
  return ' '.repeat(left) + text2 + (padRight ? ' '.repeat(missing - left) : '');
}

// src/format/wide.ts
init_columns();
init_display_width();
function columnsThatFit(values, width2) {
  const longest = Math.max(0, ...values.map(displayWidth));
  if (longest <= 0 || longest >= width2) return 1;
  let columns = 1;
  while (longest * (columns + 1) + columns < width2) columns++;
  return columns;
}
function wideLines(values, columns, width2) {
  const widths = fitColumns(new Array(columns).fill(0), width2);
  const shape = widths.map((w) => ({ label: '', align: 'left', width: w }));
  const table2 = new Table(shape, [], width2);
  const lines = [];
  for (let k = 0; k < values.length; k += columns) lines.push(...table2.row(values.slice(k, k + columns)));
  return lines;
}

// src/format/layout.ts
var DEFAULT_WIDTH = 120;
var SETTLE_MS = 300;
async function* layout(records2, options = {}) {
  const width2 = options.width ?? DEFAULT_WIDTH;
  const paint = headerPaint(options.colour ?? false);
  const source = new Hold(records2[Symbol.asyncIterator]());
  try {
    yield* laidOut(source, width2, paint, options);
  } finally {
    await source.close();
  }
}
async function* laidOut(source, width2, paint, options) {
  let shape;
  for (let record = await source.next(); record; record = await source.next()) {
    switch (record.kind) {
      case 'start':
        shape = record.shape;
        yield '\n';
        break;
      case 'text':
        yield record.text;
        break;
      case 'group': {
        const label = `   ${record.label}: ${record.value}`;
        await loadWidths([label]);
        yield `${wrap(label, width2).join('\n')}

`;
        break;
      }
      case 'entry':
        yield await entry(record, width2, paint);
        break;
      case 'row':
        if (shape?.kind === 'wide') yield* wideRows(record, source, shape, width2);
        else if (shape?.kind === 'table') yield* tableRows(record, source, shape, width2, paint, options.height);
        break;
      case 'end':
        if (shape?.kind !== 'list') yield '\n';
        shape = void 0;
        break;
    }
  }
}
async function entry(record, width2, paint) {
  await loadWidths([...record.labels, ...record.values]);
  return `${[...listLines(record.labels, record.values, width2, paint), ''].join('\n')}
`;
}
async function* tableRows(first, source, shape, width2, paint, height = Number.POSITIVE_INFINITY) {
  const held = [first.cells];
  const settled = Date.now() + SETTLE_MS;
  const wait = shape.autoSize || shape.border ? void 0 : settled;
  for (let row2 = await nextRow(source, wait); row2; row2 = await nextRow(source, wait)) held.push(row2.cells);
  await loadWidths([...shape.columns.map((column) => column.label), ...held.flat()]);
  if (shape.border) {
    const { borderedTable: borderedTable2 } = await Promise.resolve().then(() => (init_bordered(), bordered_exports));
    yield borderedTable2(shape.columns, held, width2, paint);
    return;
  }
  const table2 = new Table(shape.columns, held, width2, shape.wrap);
  const header = shape.hideHeaders ? [] : table2.header(paint);
  let lines = [...header];
  let onScreen = header.length;
  const add = (cells) => {
    if (shape.repeatHeader && onScreen >= height - 2) {
      lines.push('', ...header);
      onScreen = header.length;
    }
    lines.push(...table2.row(cells));
    onScreen++;
  };
  for (const cells of held) add(cells);
  yield text(lines);
  for (let row2 = await nextRow(source); row2; row2 = await nextRow(source)) {
    lines = [];
    await loadWidths(row2.cells);
    add(row2.cells);
    yield text(lines);
  }
}
async function* wideRows(first, source, shape, width2) {
  const values = [first.cells[0] ?? ''];
  for (let row2 = await nextRow(source); row2; row2 = await nextRow(source)) values.push(row2.cells[0] ?? '');
  await loadWidths(values);
  const columns = shape.autoSize ? columnsThatFit(values, width2) : (shape.columns ?? 2);
  yield text(wideLines(values, columns, width2));
}
async function nextRow(source, until) {
  const record = await source.peek(until);
  if (record?.kind !== 'row') return void 0;
  source.take();
  return record;
}
function text(lines) {
  return lines.length
    ? `${lines.join('\n')}
`
    : '';
}

// src/format/record.ts
var Formatted = class extends PsObject {
  constructor(record) {
    super('Format.Record', {});
    this.record = record;
  }
  record;
  toString() {
    return this.record.kind === 'text' ? this.record.text : '';
  }
};

// src/connector/address.ts
var import_ipaddr = __toESM(require_ipaddr(), 1);
var DOTTED = /^\d{1,3}(\.\d{1,3}){3}$/;
function parseAddress(text2) {
  if (text2.includes(':')) {
    if (text2.includes('%') || !import_ipaddr.default.IPv6.isValid(text2)) return void 0;
    const six = import_ipaddr.default.IPv6.parse(text2);
    if (six.isIPv4MappedAddress()) return fromBytes(six.toIPv4Address().toByteArray());
    return fromBytes(six.toByteArray());
  }
  if (!DOTTED.test(text2)) return void 0;
  const bytes = text2.split('.').map(Number);
  return bytes.every((b) => b <= 255) ? fromBytes(bytes) : void 0;
}
function fromBytes(bytes) {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  const family = bytes.length === 4 ? 4 : 6;
  return { family, value, text: addressText(family, value) };
}
function addressText(family, value) {
  if (family === 4) {
    const n = Number(value);
    return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
  }
  const parts = [];
  for (let i = 7; i >= 0; i--) parts.push(Number((value >> BigInt(i * 16)) & 0xffffn));
  return new import_ipaddr.default.IPv6(parts).toRFC5952String();
}

// src/connector/value.ts
var Unlimited = class {
  toString() {
    return 'Unlimited';
  }
  toJSON() {
    return 'Unlimited';
  }
  valueOf() {
    return Number.POSITIVE_INFINITY;
  }
};
var UNLIMITED = Object.freeze(new Unlimited());
var SIZE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];
var ByteSize = class {
  constructor(bytes) {
    this.bytes = bytes;
  }
  bytes;
  /** Exchange's printed form, `36 MB (37,748,736 bytes)`. */
  toString() {
    let unit = 0;
    let amount = this.bytes;
    while (unit < SIZE_UNITS.length - 1 && Math.abs(amount) >= 1024) {
      amount /= 1024;
      unit++;
    }
    const short = Number.isInteger(amount) ? String(amount) : trimZeros(amount.toPrecision(4));
    return `${short} ${SIZE_UNITS[unit]} (${this.bytes.toLocaleString('en-US')} bytes)`;
  }
  /** The shortest exact form that parses back: `36MB`, or plain bytes. */
  toShort() {
    for (let unit = SIZE_UNITS.length - 1; unit > 0; unit--) {
      const factor = 1024 ** unit;
      if (this.bytes >= factor && this.bytes % factor === 0) return `${this.bytes / factor}${SIZE_UNITS[unit]}`;
    }
    return this.bytes;
  }
  toJSON() {
    return this.toString();
  }
  valueOf() {
    return this.bytes;
  }
};
function trimZeros(digits) {
  return digits.includes('e') ? String(Number(digits)) : digits.replace(/\.?0+$/, '');
}
var TimeSpan = class {
  constructor(seconds) {
    this.seconds = seconds;
  }
  seconds;
  toString() {
    const two = (n) => String(n).padStart(2, '0');
    const total = Math.abs(this.seconds);
    const days = Math.floor(total / 86400);
    const clock = `${two(Math.floor(total / 3600) % 24)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
    return (this.seconds < 0 ? '-' : '') + (days ? `${days}.` : '') + clock;
  }
  toJSON() {
    return this.toString();
  }
  valueOf() {
    return this.seconds;
  }
};
var Flags = class {
  constructor(names) {
    this.names = names;
  }
  names;
  has(name) {
    return this.names.includes(name);
  }
  toString() {
    return this.names.length ? this.names.join(', ') : 'None';
  }
  toJSON() {
    return this.toString();
  }
};
var Binding = class {
  constructor(address, port) {
    this.address = address;
    this.port = port;
  }
  address;
  port;
  get family() {
    return this.address.includes(':') ? 6 : 4;
  }
  toString() {
    return this.family === 6 ? `[${this.address}]:${this.port}` : `${this.address}:${this.port}`;
  }
  toJSON() {
    return this.toString();
  }
};
var IpRange = class {
  constructor(family, low, high, text2) {
    this.family = family;
    this.low = low;
    this.high = high;
    this.text = text2;
  }
  family;
  low;
  high;
  text;
  /** How many addresses it holds. */
  get size() {
    return this.high - this.low + 1n;
  }
  contains(family, address) {
    return family === this.family && address >= this.low && address <= this.high;
  }
  covers(other) {
    return this.family === other.family && this.low <= other.low && this.high >= other.high;
  }
  same(other) {
    return this.family === other.family && this.low === other.low && this.high === other.high;
  }
  overlaps(other) {
    return this.family === other.family && this.low <= other.high && other.low <= this.high;
  }
  toString() {
    return this.text;
  }
  toJSON() {
    return this.text;
  }
};

// src/connector/value-error.ts
var ValueError = class extends Error {
  constructor(value, problem, allowed) {
    super(`${show(value)} ${problem}; allowed: ${allowed}.`);
    this.value = value;
    this.problem = problem;
    this.allowed = allowed;
  }
  value;
  problem;
  allowed;
};
function show(value) {
  const clean = printable(textOf(value));
  return `"${clean.length > 80 ? `${clean.slice(0, 79)}\u2026` : clean}"`;
}
function textOf(value) {
  if (value === null || value === void 0) return '';
  const plain2 =
    Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
  return plain2 ? JSON.stringify(value) : String(value);
}
function printable(text2) {
  return text2.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (c) => `\\u{${c.charCodeAt(0).toString(16)}}`,
  );
}

// src/connector/range.ts
var ALLOWED = 'an address (10.1.2.3), a range (10.1.2.1-10.1.2.9) or CIDR (10.1.2.0/24), IPv4 or IPv6';
function parseRange(input) {
  if (input instanceof IpRange) return input;
  const text2 = String(input ?? '').trim();
  const problem = (why, allowed = ALLOWED) => new ValueError(input, why, allowed);
  if (text2.includes('%'))
    throw problem('has a zone (%), which a range cannot have', 'the same address without the zone');
  const slash = text2.indexOf('/');
  if (slash >= 0) {
    const base = parseAddress(text2.slice(0, slash));
    const bits = text2.slice(slash + 1);
    if (!base || !/^\d{1,3}$/.test(bits)) throw problem('is not an IP range');
    const width2 = base.family === 4 ? 32 : 128;
    const length = Number(bits);
    if (length > width2) throw problem(`has a prefix length over ${width2}`, `0 to ${width2} after the slash`);
    const hosts = (1n << BigInt(width2 - length)) - 1n;
    const low2 = base.value & ~hosts;
    return new IpRange(base.family, low2, low2 | hosts, `${base.text}/${length}`);
  }
  const dash = text2.indexOf('-');
  const low = parseAddress(dash < 0 ? text2 : text2.slice(0, dash).trim());
  const high = dash < 0 ? low : parseAddress(text2.slice(dash + 1).trim());
  if (!low || !high) throw problem('is not an IP range');
  if (low.family !== high.family) throw problem('mixes IPv4 and IPv6', 'two addresses of one family');
  if (low.value > high.value) throw problem('runs backwards', 'the lower address first');
  return new IpRange(low.family, low.value, high.value, dash < 0 ? low.text : `${low.text}-${high.text}`);
}
var ALL_ADDRESSES = [parseRange('::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'), parseRange('0.0.0.0-255.255.255.255')];

// src/connector/kind.ts
function textInput(input) {
  if (input === null || input === void 0) return '';
  if (typeof input === 'object' && (Array.isArray(input) || Object.getPrototypeOf(input) === Object.prototype)) {
    return JSON.stringify(input);
  }
  return String(input).trim();
}
var UNIT_BYTES = {
  '': 1,
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};
var PRINTED_SIZE = /^[\d.]+\s*[KMGT]?B\s*\(([\d,]+) bytes\)$/i;
var PLAIN_SIZE = /^(\d+(?:\.\d+)?)\s*([KMGT]?B)?$/i;
function parseSize(text2) {
  const printed2 = PRINTED_SIZE.exec(text2);
  if (printed2) return new ByteSize(Number(printed2[1].replaceAll(',', '')));
  const plain2 = PLAIN_SIZE.exec(text2);
  if (!plain2) return void 0;
  return new ByteSize(Number(plain2[1]) * UNIT_BYTES[(plain2[2] ?? '').toUpperCase()]);
}
var SPAN = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.0+)?)?$/;
function parseSpan(text2) {
  const m = SPAN.exec(text2);
  if (!m) return void 0;
  const [days, hours, minutes, seconds] = [m[1], m[2], m[3], m[4]].map((part) => Number(part ?? 0));
  if (hours > 23 || minutes > 59 || seconds > 59) return void 0;
  return new TimeSpan(days * 86400 + hours * 3600 + minutes * 60 + seconds);
}
var BINDING = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d+)$/;
var binding = {
  name: 'binding',
  allowed: 'IPv4:port or [IPv6]:port with a port from 1 to 65535, such as 0.0.0.0:25 or [::]:25',
  placeholder: 'IP:PORT',
  example: '127.0.0.1:2525',
  parse(input) {
    if (input instanceof Binding) return input;
    const value = textInput(input);
    const m = BINDING.exec(value);
    if (!m) {
      const problem = value.includes('%') ? 'has a zone, which is not possible here' : 'is not an address and port';
      throw new ValueError(input, problem, this.allowed);
    }
    const host = m[1] ?? m[2] ?? '';
    const address = parseAddress(host);
    if (!address || (m[1] !== void 0) !== host.includes(':')) {
      throw new ValueError(
        input,
        host.includes('%') ? 'has a zone, which is not possible here' : 'has no valid IP address',
        this.allowed,
      );
    }
    const port = Number(m[3]);
    if (port < 1 || port > 65535) throw new ValueError(input, 'has a port out of range', this.allowed);
    return new Binding(address.text, port);
  },
  store: (value) => value.toString(),
  schema: { type: 'string' },
};

// src/cmdlet/compare.ts
var isList = (value) => Array.isArray(value);
function isTrue(value) {
  if (value === null || value === void 0) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (isList(value)) return value.length === 1 ? isTrue(value[0]) : value.length > 0;
  return true;
}
function compareEqual(left, right, caseSensitive = false) {
  if (left === right) return true;
  if (left === null || right === null) return false;
  if (typeof left === 'string') return textEqual(left, right, caseSensitive);
  if (typeof left === 'boolean') return left === asBoolean(right);
  if (left instanceof Flags) return flagsEqual(left, right, caseSensitive);
  if (left instanceof IpRange) {
    const other = asRange(right);
    return other !== void 0 && left.same(other);
  }
  if (left instanceof Binding) {
    const other = asBinding(right);
    return other !== void 0 && left.address === other.address && left.port === other.port;
  }
  if (left instanceof PsObject || left instanceof Hashtable || isScriptBlock(left)) return false;
  if (isList(left)) return isList(right) && sameText(printed(left), printed(right));
  const quantities = asQuantities(left, right);
  return quantities !== void 0 && quantities[0] === quantities[1];
}
function textEqual(left, right, cs) {
  if (typeof right === 'object' && right !== null && !isList(right) && isTyped(right))
    return compareEqual(right, left, cs);
  const text2 = printed(right);
  return cs ? left === text2 : sameText(left, text2);
}
function isTyped(value) {
  return (
    value instanceof ByteSize ||
    value instanceof TimeSpan ||
    value instanceof Unlimited ||
    value instanceof Flags ||
    value instanceof IpRange ||
    value instanceof Binding ||
    value instanceof Date
  );
}
function asQuantities(left, right) {
  const read2 =
    left instanceof TimeSpan
      ? asSeconds
      : left instanceof Date
        ? asMoment
        : typeof left === 'number' || left instanceof ByteSize || left instanceof Unlimited
          ? asNumber
          : void 0;
  const other = read2?.(right);
  return other === void 0 ? void 0 : [Number(left), other];
}
function asNumber(value) {
  if (typeof value === 'number') return value;
  if (value instanceof ByteSize || value instanceof Unlimited) return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (isList(value)) return value.length === 1 ? asNumber(value[0]) : void 0;
  if (typeof value !== 'string') return void 0;
  const text2 = value.trim();
  if (text2 === '') return 0;
  if (/^unlimited$/i.test(text2)) return Number(UNLIMITED);
  if (/^[+-]?(?:0x[0-9a-f]+|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)$/i.test(text2)) return Number(text2);
  return parseSize(text2.replaceAll(/(?<=\d),(?=\d{3}\b)(?=[^(]*$)/g, ''))?.bytes;
}
function asSeconds(value) {
  if (value instanceof TimeSpan) return value.seconds;
  if (typeof value === 'string') return parseSpan(value.trim())?.seconds ?? asNumber(value);
  return value instanceof ByteSize ? void 0 : asNumber(value);
}
function asMoment(value) {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'string') return void 0;
  const moment = readDate(value);
  return moment?.getTime();
}
function readDate(text2) {
  const value = text2.trim();
  if (!/\d/.test(value)) return void 0;
  const local = /^(\d{4}-\d{2}-\d{2})(?: (\d{1,2}:\d{2}(?::\d{2})?))?$/.exec(value);
  const moment = new Date(local ? `${local[1]}T${(local[2] ?? '00:00:00').padStart(5, '0')}` : value);
  return Number.isNaN(moment.getTime()) ? void 0 : moment;
}
var FALSE_TEXTS = /* @__PURE__ */ new Set(['false', '$false', 'no']);
function asBoolean(value) {
  return typeof value === 'string' ? value !== '' && !FALSE_TEXTS.has(value.toLowerCase()) : isTrue(value);
}
function asRange(value) {
  if (value instanceof IpRange) return value;
  return typeof value === 'string' ? read(() => parseRange(value)) : void 0;
}
function asBinding(value) {
  if (value instanceof Binding) return value;
  return typeof value === 'string' ? read(() => binding.parse(value)) : void 0;
}
function read(parse) {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ValueError) return void 0;
    throw error;
  }
}
function flagsEqual(left, right, cs) {
  const given = right instanceof Flags ? right.names : isList(right) ? right.map(printed) : printed(right).split(',');
  const fold2 = (name) => (cs ? name.trim() : foldText(name.trim()));
  const other = new Set(given.map(fold2));
  other.delete(fold2('None'));
  other.delete('');
  if (typeof right === 'string' && right.trim() === '') return false;
  return other.size === left.names.length && left.names.every((name) => other.has(fold2(name)));
}

// src/format/cell-text.ts
var ENUMERATION_LIMIT = 4;
function cellText(value, options = {}) {
  if (typeof value === 'string') return safeLines(value);
  if (typeof value === 'number')
    return options.table && !Number.isInteger(value) && Number.isFinite(value) ? value.toFixed(2) : printed(value);
  const elements = elementsOf(value);
  if (!elements) return safeLines(printed(value));
  const limit = options.limit ?? ENUMERATION_LIMIT;
  const shown = limit < 0 ? elements : elements.slice(0, limit);
  return safeLines(`{${shown.join(', ')}${shown.length < elements.length ? '\u2026' : ''}}`);
}
function elementsOf(value) {
  if (Array.isArray(value)) return value.map(elementText);
  if (value instanceof Hashtable) return [...value.entries].map(([key, item]) => `[${key}, ${printed(item)}]`);
  return void 0;
}
function elementText(value) {
  return value === null ? '$null' : value instanceof PsObject ? value.toString() : printed(value);
}
function safeLines(text2) {
  if (/^[\x20-\x7e]*$/.test(text2)) return text2;
  return text2.replaceAll('\r\n', '\n').split('\n').map(printable).join('\n');
}

// src/format/format-string.ts
function formatNumber(value, format) {
  if (/\{0|\}/.test(format)) {
    return format.replace(/\{0(?:,(-?\d+))?(?::([^}]*))?\}/g, (_, width2, inner) => {
      const text2 = inner === void 0 ? printed(value) : one(value, inner);
      const cells = Number(width2 ?? 0);
      return cells < 0 ? text2.padEnd(-cells) : text2.padStart(cells);
    });
  }
  return one(value, format);
}
function one(value, format) {
  if (value instanceof Date) return dateIn(value, format);
  const n = typeof value === 'number' ? value : value instanceof ByteSize ? value.bytes : void 0;
  if (n === void 0 || value instanceof TimeSpan || value instanceof Hashtable) return printed(value);
  const standard = /^([a-z])(\d{0,2})$/i.exec(format);
  if (!standard) return customNumber(n, format);
  const digits = standard[2] === '' ? void 0 : Number(standard[2]);
  const grouped = (x, d) => x.toLocaleString('en-US', { minimumFractionDigits: d, maximumFractionDigits: d });
  switch (standard[1].toUpperCase()) {
    case 'N':
      return grouped(n, digits ?? 2);
    case 'F':
      return n.toFixed(digits ?? 2);
    case 'D':
      return (n < 0 ? '-' : '') + String(Math.abs(Math.trunc(n))).padStart(digits ?? 0, '0');
    case 'P':
      return `${grouped(n * 100, digits ?? 2)}%`;
    case 'X': {
      const hex = Math.trunc(n)
        .toString(16)
        .padStart(digits ?? 0, '0');
      return standard[1] === 'X' ? hex.toUpperCase() : hex;
    }
    case 'E':
      return n
        .toExponential(digits ?? 6)
        .replace(/e([+-])(\d+)$/, (_, sign, power) => `E${sign}${power.padStart(3, '0')}`);
    default:
      return printed(value);
  }
}
function customNumber(n, format) {
  const m = /^([#0,]*)(?:\.([#0]*))?$/.exec(format);
  if (!m) return String(n);
  const least = (m[1].match(/0/g) ?? []).length;
  const most = m[2]?.length ?? 0;
  const needed = (m[2]?.match(/0/g) ?? []).length;
  return n.toLocaleString('en-US', {
    useGrouping: m[1].includes(','),
    minimumIntegerDigits: Math.max(1, least),
    minimumFractionDigits: needed,
    maximumFractionDigits: most,
  });
}
var STANDARD_DATES = {
  s: 'yyyy-MM-ddTHH:mm:ss',
  u: 'yyyy-MM-dd HH:mm:ssZ',
  d: 'yyyy-MM-dd',
  t: 'HH:mm',
  T: 'HH:mm:ss',
  g: 'yyyy-MM-dd HH:mm',
  G: 'yyyy-MM-dd HH:mm:ss',
};
function dateIn(date, format) {
  if (format === 'o' || format === 'O') return date.toISOString();
  const two = (x) => String(x).padStart(2, '0');
  const parts = {
    yyyy: String(date.getFullYear()),
    yy: two(date.getFullYear() % 100),
    MM: two(date.getMonth() + 1),
    M: String(date.getMonth() + 1),
    dd: two(date.getDate()),
    d: String(date.getDate()),
    HH: two(date.getHours()),
    H: String(date.getHours()),
    mm: two(date.getMinutes()),
    m: String(date.getMinutes()),
    ss: two(date.getSeconds()),
    s: String(date.getSeconds()),
    fff: String(date.getMilliseconds()).padStart(3, '0'),
  };
  return (STANDARD_DATES[format] ?? format).replace(/yyyy|yy|MM?|dd?|HH?|mm?|ss?|fff/g, (part) => parts[part] ?? part);
}

// src/format/views.ts
var table = (...properties) =>
  properties.map((property2) =>
    property2.startsWith('>') ? { property: property2.slice(1), align: 'right' } : { property: property2 },
  );
var VIEWS = {
  ReceiveConnector: table('Identity', 'Bindings', 'Enabled'),
  AcceptedDomain: table('Name', 'DomainName', 'DomainType', 'Default'),
  ADPermission: table('Identity', 'User', 'Deny', 'Inherited'),
  SmtpUser: table('Name', 'WhenChanged'),
  MessageTrackingEvent: table('Timestamp', 'EventId', 'Source', 'Sender', 'Recipients', 'MessageSubject'),
  Listener: table('Server', 'State', '>Generation', '>Connections', 'Bindings'),
  Session: table('Id', 'Connector', 'Remote', 'State', '>Messages', 'Since'),
  HistoryEntry: table('>Generation', 'When', 'Who', 'Command'),
  GroupInfo: table('>Count', 'Name', 'Group'),
  MemberDefinition: table('Name', 'MemberType', 'Definition'),
  CommandInfo: table('CommandType', 'Name', 'Aliases', 'Summary'),
  Comparison: table('InputObject', 'SideIndicator'),
};
function defaultView(type) {
  return Object.hasOwn(VIEWS, type) ? VIEWS[type] : void 0;
}

// src/format/view.ts
var PROPERTIES_OF_A_TABLE = 4;
var COLUMNS_UNASKED = 10;
async function* records(objects, request = {}) {
  let view;
  let group;
  for await (const object of objects) {
    if (object instanceof Formatted) {
      if (view) yield { kind: 'end' };
      view = void 0;
      yield object.record;
      continue;
    }
    if (!hasProperties(object) && !request.properties) {
      yield { kind: 'text', text: scalarLine(object) };
      continue;
    }
    if (!view || !applies(view, object, request)) {
      if (view) yield { kind: 'end' };
      view = await viewFor(object, request);
      group = void 0;
      yield { kind: 'start', shape: view.shape };
    }
    if (request.groupBy) {
      const value = (await request.groupBy.first(object)) ?? null;
      const changed = group === void 0 || !compareEqual(value, group);
      if (changed) {
        if (group !== void 0) yield { kind: 'text', text: '\n' };
        group = value;
        yield { kind: 'group', label: groupLabel(request.groupBy, object), value: cellText(value) };
      }
    }
    yield await row(view, object, request);
  }
  if (view) yield { kind: 'end' };
}
function hasProperties(value) {
  return value instanceof PsObject || value instanceof Hashtable;
}
function scalarLine(value) {
  if (Array.isArray(value)) return value.map(scalarLine).join('');
  const text2 = typeof value === 'string' ? value : printed(value);
  return `${text2.split('\n').map(keepTabs).join('\n')}
`;
}
function keepTabs(line) {
  return line.split('	').map(safeLines).join('	');
}
function groupLabel(by, object) {
  return safeLines(by.resolve(object)[0]?.name ?? by.name);
}
function applies(view, object, request) {
  if (request.shape || view.type === typeOf(object)) return true;
  return false;
}
function typeOf(value) {
  return value instanceof PsObject ? value.type : value instanceof Hashtable ? 'Hashtable' : typeof value;
}
async function viewFor(object, request) {
  const type = typeOf(object);
  const preset = request.properties ? void 0 : defaultView(type);
  const kind = request.shape ?? (preset ? 'table' : void 0) ?? shapeByCount(object);
  if (kind === 'list') return { type, shape: { kind }, fields: [], derived: !request.properties };
  if (kind === 'wide') {
    const shape = { kind, columns: request.columns, autoSize: request.autoSize };
    return { type, shape, fields: [wideField(object, request)], derived: false };
  }
  const columns = [];
  const fields = [];
  const add = (field2, align, width2) => {
    fields.push(field2);
    columns.push(width2 === void 0 ? { label: field2.label, align } : { label: field2.label, align, width: width2 });
  };
  if (request.properties) {
    for (const expression of request.properties) await addExpression(expression, object, request, add);
  } else if (preset) {
    for (const { property: name, align } of preset) {
      if (request.exclude?.(name)) continue;
      add({ label: name, read: (o2) => property(o2, name) }, align ?? 'left');
    }
  } else {
    const names = propertyNames(object).filter((name) => !request.exclude?.(name));
    for (const name of names.slice(0, COLUMNS_UNASKED))
      add({ label: safeLines(name), read: (o2) => property(o2, name) }, alignOf(property(object, name)));
  }
  const { wrap: wrap2, autoSize, hideHeaders, repeatHeader, border } = request;
  return {
    type,
    shape: { kind: 'table', columns, wrap: wrap2, autoSize, hideHeaders, repeatHeader, border },
    fields,
    derived: !request.properties && !preset,
  };
}
async function addExpression(expression, object, request, add) {
  const width2 = expression.options.get('width');
  const said = expression.options.get('alignment');
  const format = formatOf(expression);
  for (const resolved of expression.resolve(object)) {
    if (request.exclude?.(resolved.name)) continue;
    const align = said === void 0 ? alignOf(await resolved.value()) : alignNamed(said);
    const name = resolved.name;
    const read2 = expression.isWildcard ? (o2) => property(o2, name) : (o2) => expression.first(o2);
    add(
      { label: safeLines(name), read: read2, format },
      align,
      width2 === void 0 ? void 0 : Math.max(1, Number(width2)),
    );
  }
}
function formatOf(expression) {
  const format = expression.options.get('formatstring');
  return format === void 0 ? void 0 : printed(format);
}
function alignNamed(value) {
  const text2 = printed(value).toLowerCase();
  return text2 === 'right' || text2 === 'center' ? text2 : 'left';
}
function alignOf(value) {
  return typeof value === 'number' || typeof value === 'boolean' || value instanceof Unlimited ? 'right' : 'left';
}
function shapeByCount(object) {
  return propertyNames(object).length > PROPERTIES_OF_A_TABLE ? 'list' : 'table';
}
var NAMING = [/^name$/i, /^id$/i, /^key$/i, /key$/i, /name$/i, /id$/i];
function wideField(object, request) {
  const expression = request.properties?.[0];
  if (expression) return { label: expression.name, read: (o2) => expression.first(o2), format: formatOf(expression) };
  const names = propertyNames(object).filter((name2) => !request.exclude?.(name2));
  const name = NAMING.map((pattern) => names.find((n) => pattern.test(n))).find((n) => n !== void 0) ?? names[0];
  return { label: name ?? '', read: (o2) => (name === void 0 ? void 0 : property(o2, name)) };
}
async function row(view, object, request) {
  if (view.shape.kind === 'list') return entry2(object, request);
  const cells = [];
  for (const field2 of view.fields) {
    const read2 = field2.read(object);
    cells.push(fieldText(read2 instanceof Promise ? await read2 : read2, field2.format, true));
  }
  return { kind: 'row', cells };
}
async function entry2(object, request) {
  const labels = [];
  const values = [];
  const add = (label, value, format) => {
    labels.push(safeLines(label));
    values.push(fieldText(value, format, false));
  };
  if (request.properties) {
    for (const expression of request.properties) {
      const format = formatOf(expression);
      for (const resolved of expression.resolve(object)) {
        if (request.exclude?.(resolved.name)) continue;
        const value = await resolved.value();
        if (value !== void 0) add(resolved.name, value, format);
      }
    }
  } else {
    for (const name of propertyNames(object)) if (!request.exclude?.(name)) add(name, property(object, name));
  }
  return { kind: 'entry', labels, values };
}
function fieldText(value, format, table2) {
  return format === void 0 ? cellText(value, { table: table2 }) : safeLines(formatNumber(value ?? null, format));
}

// src/format/yaml.ts
async function* yamlItems(objects) {
  let any = false;
  for await (const object of objects) {
    any = true;
    yield await yamlOf([plainJson(object)]);
  }
  if (!any) yield '[]\n';
}
async function yamlOf(json) {
  const { Document, visit } = await import('yaml');
  const document = new Document(json, { aliasDuplicateObjects: false });
  visit(document, {
    // Texts with characters that act on a terminal stand in double quotes, where YAML knows the same escapes as JSON.
    Scalar(_, node) {
      if (typeof node.value === 'string' && terminalSafe(node.value) !== node.value) node.type = 'QUOTE_DOUBLE';
    },
  });
  return terminalSafe(document.toString({ lineWidth: 0 }));
}

// src/format/output.ts
function formatDefault(objects, options = {}) {
  return layout(records(objects), options);
}
async function* formatOutput(objects, format, options = {}) {
  if (format === 'default') yield* formatDefault(objects, options);
  else if (VIEWS2[format]) yield* layout(records(objects, VIEWS2[format]), options);
  else yield* serialized(objects, format, options);
}
var VIEWS2 = {
  table: { shape: 'table' },
  list: { shape: 'list' },
  grid: { shape: 'table', border: true },
};
var WRITERS = {
  json: jsonArray,
  ndjson,
  csv: (objects) => csvLines(objects),
  yaml: yamlItems,
};
async function* serialized(objects, format, options) {
  const source = new Hold(objects[Symbol.asyncIterator]());
  let written = false;
  try {
    for (let next = await source.peek(); next !== void 0 || !written; next = await source.peek()) {
      const formatted = next instanceof Formatted;
      const part = run(source, (value) => value instanceof Formatted === formatted);
      yield* formatted ? layout(records(part), options) : WRITERS[format](part);
      written = true;
    }
  } finally {
    await source.close();
  }
}
async function* run(source, belongs) {
  for (let next = await source.peek(); next !== void 0 && belongs(next); next = await source.peek()) {
    source.take();
    yield next;
  }
}
async function* ndjson(objects) {
  for await (const object of objects) yield ndjsonLine(object);
}
async function* jsonArray(objects) {
  let any = false;
  for await (const object of objects) {
    yield `${any ? ',' : '['}
${indented(jsonText(object, { indent: 2 }))}`;
    any = true;
  }
  yield any ? '\n]\n' : '[]\n';
}
function indented(text2) {
  return text2.replace(/^/gm, '  ');
}

// test/t1.tmp.ts
async function* s(x) {
  yield* x;
}
var o = (n, e) =>
  new PsObject('ReceiveConnector', {
    Name: n,
    Identity: 'EX01\\' + n,
    Bindings: [new Binding('0.0.0.0', 25), new Binding('::', 25)],
    Enabled: e,
    MaxMessageSize: new ByteSize(37748736),
    ConnectionTimeout: new TimeSpan(600),
    Max: UNLIMITED,
    Auth: new Flags(['Tls', 'BasicAuth']),
    Banner: '',
    L: ['a', 'b', 'c', 'd', 'e'],
    Long: 'word '.repeat(30),
  });
var os = [o('Default EX01', true), o('Client Frontend EX01 \u65E5\u672C\u8A9E', false)];
var show2 = async (g) => {
  let t = '';
  for await (const x of g) t += x;
  console.log(t.replace(/ $/gm, '\xB7').replace(/^$/gm, '\u23CE'));
};
await show2(formatDefault(s(os), { width: 80 }));
await show2(formatOutput(s(os), 'list', { width: 60 }));
await show2(
  formatDefault(s(os.map((x) => new PsObject('x', { Name: x.get('Name'), N: 5, E: true }))), {
    width: 80,
    colour: true,
  }),
);
for (const f of ['grid', 'json', 'ndjson', 'csv', 'yaml'])
  await show2(formatOutput(s(os.slice(0, 1)), f, { width: 80 }));
