// Stubs of the types that Exchange's receive connectors are made of, as far as scripts see them: how they print, compare,
// calculate and convert. Shapes from the public documentation of Microsoft.Exchange.Data.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Net;

namespace Microsoft.Exchange.Data
{
    public struct ByteQuantifiedSize : IComparable, IComparable<ByteQuantifiedSize>, IEquatable<ByteQuantifiedSize>, IFormattable
    {
        readonly ulong bytes;
        ByteQuantifiedSize(ulong bytes) { this.bytes = bytes; }
        public static ByteQuantifiedSize FromBytes(ulong bytes) => new ByteQuantifiedSize(bytes);
        public static implicit operator ByteQuantifiedSize(ulong bytes) => new ByteQuantifiedSize(bytes);
        public static explicit operator ulong(ByteQuantifiedSize size) => size.bytes;
        public static explicit operator double(ByteQuantifiedSize size) => size.bytes;
        public ulong ToBytes() => bytes;
        public ulong ToKB() => bytes >> 10;
        public ulong ToMB() => bytes >> 20;
        public ulong ToGB() => bytes >> 30;
        public ulong ToTB() => bytes >> 40;
        static readonly string[] Units = { "B", "KB", "MB", "GB", "TB" };
        public static ByteQuantifiedSize Parse(string text)
        {
            var match = System.Text.RegularExpressions.Regex.Match(text.Trim(), @"^(?:[\d.]+ ?[KMGT]?B? \(([\d,]+) bytes\)|([\d.]+)\s*([KMGT]?)B?)$", System.Text.RegularExpressions.RegexOptions.IgnoreCase);
            if (!match.Success) throw new FormatException("The string \"" + text + "\" couldn't be converted to a size.");
            if (match.Groups[1].Success) return new ByteQuantifiedSize(ulong.Parse(match.Groups[1].Value.Replace(",", ""), CultureInfo.InvariantCulture));
            int power = match.Groups[3].Value == "" ? 0 : "KMGT".IndexOf(char.ToUpperInvariant(match.Groups[3].Value[0])) + 1;
            return new ByteQuantifiedSize((ulong)(double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) * Math.Pow(1024, power)));
        }
        public int CompareTo(object other) => CompareTo((ByteQuantifiedSize)other);
        public int CompareTo(ByteQuantifiedSize other) => bytes.CompareTo(other.bytes);
        public bool Equals(ByteQuantifiedSize other) => bytes == other.bytes;
        public override bool Equals(object other) => other is ByteQuantifiedSize size && Equals(size);
        public override int GetHashCode() => bytes.GetHashCode();
        public static ByteQuantifiedSize operator +(ByteQuantifiedSize a, ByteQuantifiedSize b) => a.bytes + b.bytes;
        public static ByteQuantifiedSize operator -(ByteQuantifiedSize a, ByteQuantifiedSize b) => a.bytes - b.bytes;
        public static ByteQuantifiedSize operator *(ByteQuantifiedSize a, ulong b) => a.bytes * b;
        public string ToString(string format, IFormatProvider provider) => ToString();
        public override string ToString()
        {
            double amount = bytes;
            int unit = 0;
            while (unit < Units.Length - 1 && amount >= 1024) { amount /= 1024; unit++; }
            return string.Format(CultureInfo.InvariantCulture, "{0:G4} {1} ({2:N0} bytes)", amount, Units[unit], bytes);
        }
    }

    public struct Unlimited<T> : IComparable, IEquatable<Unlimited<T>> where T : struct, IComparable
    {
        readonly T value;
        readonly bool limited;
        public Unlimited(T value) { this.value = value; limited = true; }
        public bool IsUnlimited => !limited;
        public T Value => limited ? value : throw new InvalidOperationException("The property Value can't be read: it is Unlimited.");
        public static Unlimited<T> UnlimitedValue => new Unlimited<T>();
        public static implicit operator Unlimited<T>(T value) => new Unlimited<T>(value);
        public static explicit operator T(Unlimited<T> value) => value.Value;
        public static Unlimited<T> Parse(string text)
        {
            if (string.Equals(text.Trim(), "Unlimited", StringComparison.OrdinalIgnoreCase)) return UnlimitedValue;
            if (typeof(T) == typeof(ByteQuantifiedSize)) return (T)(object)ByteQuantifiedSize.Parse(text);
            if (typeof(T) == typeof(EnhancedTimeSpan)) return (T)(object)EnhancedTimeSpan.Parse(text);
            return (T)Convert.ChangeType(text, typeof(T), CultureInfo.InvariantCulture);
        }
        public int CompareTo(object other)
        {
            var that = other is T plain ? new Unlimited<T>(plain) : (Unlimited<T>)other;
            if (!limited || !that.limited) return limited.CompareTo(that.limited) * -1;
            return value.CompareTo(that.value);
        }
        public bool Equals(Unlimited<T> other) => limited == other.limited && value.Equals(other.value);
        public override bool Equals(object other) => other is T plain ? limited && value.Equals(plain) : other is Unlimited<T> that && Equals(that);
        public override int GetHashCode() => value.GetHashCode();
        public override string ToString() => limited ? value.ToString() : "Unlimited";
    }

    public struct EnhancedTimeSpan : IComparable, IComparable<EnhancedTimeSpan>, IEquatable<EnhancedTimeSpan>
    {
        readonly TimeSpan span;
        EnhancedTimeSpan(TimeSpan span) { this.span = span; }
        public static implicit operator EnhancedTimeSpan(TimeSpan span) => new EnhancedTimeSpan(span);
        public static implicit operator TimeSpan(EnhancedTimeSpan span) => span.span;
        public static EnhancedTimeSpan Parse(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        public int Days => span.Days;
        public int Hours => span.Hours;
        public int Minutes => span.Minutes;
        public int Seconds => span.Seconds;
        public int Milliseconds => span.Milliseconds;
        public long Ticks => span.Ticks;
        public double TotalDays => span.TotalDays;
        public double TotalHours => span.TotalHours;
        public double TotalMinutes => span.TotalMinutes;
        public double TotalSeconds => span.TotalSeconds;
        public double TotalMilliseconds => span.TotalMilliseconds;
        public int CompareTo(object other) => span.CompareTo(other is TimeSpan plain ? plain : ((EnhancedTimeSpan)other).span);
        public int CompareTo(EnhancedTimeSpan other) => span.CompareTo(other.span);
        public bool Equals(EnhancedTimeSpan other) => span == other.span;
        public override bool Equals(object other) => other is TimeSpan plain ? span == plain : other is EnhancedTimeSpan that && Equals(that);
        public override int GetHashCode() => span.GetHashCode();
        public static EnhancedTimeSpan operator +(EnhancedTimeSpan a, EnhancedTimeSpan b) => a.span + b.span;
        public static EnhancedTimeSpan operator -(EnhancedTimeSpan a, EnhancedTimeSpan b) => a.span - b.span;
        public override string ToString() => span.ToString();
    }

    public sealed class MultiValuedProperty<T> : IList<T>, IList
    {
        readonly List<T> items = new List<T>();
        public MultiValuedProperty() { }
        public MultiValuedProperty(object value) { foreach (var item in value is IEnumerable many && value is not string ? many : new[] { value }) items.Add((T)item); }
        public int Count => items.Count;
        public T this[int index] { get => items[index]; set => items[index] = value; }
        public void Add(T item) { if (!items.Contains(item)) items.Add(item); }
        public bool Remove(T item) => items.Remove(item);
        public bool Contains(T item) => items.Contains(item);
        public int IndexOf(T item) => items.IndexOf(item);
        public void Insert(int index, T item) => items.Insert(index, item);
        public void RemoveAt(int index) => items.RemoveAt(index);
        public void Clear() => items.Clear();
        public void CopyTo(T[] array, int index) => items.CopyTo(array, index);
        public bool IsReadOnly => false;
        public IEnumerator<T> GetEnumerator() => items.GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
        int IList.Add(object value) { Add((T)value); return Count - 1; }
        bool IList.Contains(object value) => value is T item && Contains(item);
        int IList.IndexOf(object value) => value is T item ? IndexOf(item) : -1;
        void IList.Insert(int index, object value) => Insert(index, (T)value);
        void IList.Remove(object value) { if (value is T item) Remove(item); }
        bool IList.IsFixedSize => false;
        object IList.this[int index] { get => items[index]; set => items[index] = (T)value; }
        void ICollection.CopyTo(Array array, int index) => ((ICollection)items).CopyTo(array, index);
        bool ICollection.IsSynchronized => false;
        object ICollection.SyncRoot => items;
        public override string ToString() => string.Join(",", items);
    }

    public sealed class IPRange : IComparable, IEquatable<IPRange>
    {
        readonly string text;
        IPRange(string text) { this.text = text; }
        public static IPRange Parse(string text) => new IPRange(text);
        public IPAddress LowerBound => IPAddress.Parse(text.Split('-', '/')[0]);
        public IPAddress UpperBound => IPAddress.Parse(text.Contains('-') ? text.Split('-')[1] : text.Split('/')[0]);
        public int CompareTo(object other) => string.CompareOrdinal(text, other.ToString());
        public bool Equals(IPRange other) => other != null && text == other.text;
        public override bool Equals(object other) => other is IPRange range && Equals(range);
        public override int GetHashCode() => text.GetHashCode();
        public override string ToString() => text;
    }

    public sealed class IPBinding : IEquatable<IPBinding>
    {
        public IPBinding(string text)
        {
            int colon = text.LastIndexOf(':');
            Address = IPAddress.Parse(text.Substring(0, colon).Trim('[', ']'));
            Port = int.Parse(text.Substring(colon + 1), CultureInfo.InvariantCulture);
        }
        public static IPBinding Parse(string text) => new IPBinding(text);
        public IPAddress Address { get; }
        public int Port { get; }
        public System.Net.Sockets.AddressFamily AddressFamily => Address.AddressFamily;
        public bool Equals(IPBinding other) => other != null && ToString() == other.ToString();
        public override bool Equals(object other) => other is IPBinding binding && Equals(binding);
        public override int GetHashCode() => ToString().GetHashCode();
        public override string ToString() => new IPEndPoint(Address, Port).ToString();
    }

    public sealed class Fqdn
    {
        public Fqdn(string domain) { Domain = domain; }
        public string Domain { get; }
        public override string ToString() => Domain;
    }

    public sealed class ADObjectId
    {
        readonly string text;
        public ADObjectId(string text) { this.text = text; }
        public string Name => text.Substring(text.LastIndexOf('\\') + 1);
        public override string ToString() => text;
    }

    [Flags] public enum AuthMechanisms { None = 0, Tls = 1, Integrated = 2, BasicAuth = 4, BasicAuthRequireTLS = 8, ExchangeServer = 16, ExternalAuthoritative = 32 }
    [Flags] public enum PermissionGroups { None = 0, AnonymousUsers = 1, ExchangeUsers = 2, ExchangeServers = 4, ExchangeLegacyServers = 8, Partners = 16, Custom = 32 }
    public enum ProtocolLoggingLevel { None, Verbose }
    public enum ServerRole { None = 0, HubTransport = 32, FrontendTransport = 16384 }
}
