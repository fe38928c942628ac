using System.Globalization;
using System.Text;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>
/// A duration as RouterOS writes it: <c>30</c> (seconds), <c>30s</c>, <c>1w2d3h4m5s</c>, <c>00:00:30</c>,
/// <c>1d02:15:30</c>.
/// </summary>
/// <param name="minimum">The shortest one taken.</param>
/// <param name="printSeconds">Print the number of seconds, as RouterOS does for keepalive-timeout.</param>
/// <param name="maximum">The longest one taken; null: any.</param>
internal sealed class TimeType(TimeSpan minimum, bool printSeconds = false, TimeSpan? maximum = null)
    : PropertyType<TimeSpan>
{
    // Long enough for any timeout, short enough that no sum of two overflows.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7 * 5200);

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("w", 7 * TimeSpan.TicksPerDay),
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
    ];

    // Weeks and days may stand before hh:mm:ss.
    private const int UnitsBeforeClock = 2;

    public override string Expectation => (minimum > TimeSpan.Zero, maximum) switch
    {
        (false, null) => "a time such as 30s, 1d12h or 00:00:30",
        (true, null) => $"a time of at least {Print(minimum)}, such as 30s, 1d12h or 00:00:30",
        (_, { } most) => $"a time from {Print(minimum)} to {Print(most)}, such as {Print(most / 2)}",
    };

    public override bool TryParse(string text, out TimeSpan value, out string? problem)
    {
        problem = null;
        return TryParseDuration(text, out value) && value >= minimum && value <= (maximum ?? Longest);
    }

    public override string Format(TimeSpan value) => printSeconds && value.Ticks % TimeSpan.TicksPerSecond == 0
        ? ((long)value.TotalSeconds).ToString(CultureInfo.InvariantCulture)
        : Print(value);

    public override string FormatToml(TimeSpan value) => Format(value) is var text && text.All(char.IsAsciiDigit)
        ? text
        : TomlText.Quote(text);

    /// <summary>As RouterOS prints it: the largest units first, zero ones left out.</summary>
    internal static string Print(TimeSpan value)
    {
        StringBuilder text = new();
        long rest = value.Ticks;
        foreach ((string unit, long ticks) in Units)
        {
            if (rest >= ticks)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{unit}");
                rest %= ticks;
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    internal static bool TryParseDuration(string text, out TimeSpan value)
    {
        value = default;
        ReadOnlySpan<char> rest = text;
        if (rest.IsEmpty || !char.IsAsciiDigit(rest[0]))
        {
            return false;
        }

        decimal ticks = 0;
        int unit = 0;
        while (!rest.IsEmpty)
        {
            int digits = LeadingDigits(rest);
            // 2^31 of the largest unit still fits a decimal; what is longer is no duration of ours.
            if (digits is 0 or > 10)
            {
                return false;
            }

            if (digits < rest.Length && rest[digits] == ':')
            {
                return unit <= UnitsBeforeClock && TryParseClock(rest, ref ticks) && TryFromTicks(ticks, out value);
            }

            decimal number = decimal.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[digits..];
            if (rest.IsEmpty)
            {
                // A bare number is seconds, but only alone: "1h30" says nothing clear.
                return ticks == 0 && unit == 0 && TryFromTicks(number * TimeSpan.TicksPerSecond, out value);
            }

            int letters = rest.IndexOfAnyInRange('0', '9') is var next and >= 0 ? next : rest.Length;
            int found = IndexOfUnit(rest[..letters].TrimEnd(' '), unit);
            if (found < 0)
            {
                return false;
            }

            ticks += number * Units[found].Ticks;
            unit = found + 1;
            rest = rest[letters..];
        }

        return TryFromTicks(ticks, out value);
    }

    protected override string? ToText(ConfigurationValue value) =>
        value is ConfigurationValue.TimeOfDay time ? time.Value : NumberOrText(value);

    // hh:mm or hh:mm:ss, after weeks and days.
    private static bool TryParseClock(ReadOnlySpan<char> clock, ref decimal ticks)
    {
        Span<Range> parts = stackalloc Range[4];
        int count = clock.Split(parts, ':');
        if (count is not (2 or 3))
        {
            return false;
        }

        long unit = TimeSpan.TicksPerHour;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<char> part = clock[parts[i]];
            if (part.Length is 0 or > 6 || LeadingDigits(part) != part.Length)
            {
                return false;
            }

            int number = int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture);
            if (i > 0 && number > 59)
            {
                return false;
            }

            ticks += (decimal)number * unit;
            unit /= 60;
        }

        return true;
    }

    private static int IndexOfUnit(ReadOnlySpan<char> letters, int from)
    {
        for (int i = from; i < Units.Length; i++)
        {
            if (letters.SequenceEqual(Units[i].Unit))
            {
                return i;
            }
        }

        return -1;
    }

    private static int LeadingDigits(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length;

    private static bool TryFromTicks(decimal ticks, out TimeSpan value)
    {
        bool fits = ticks <= Longest.Ticks;
        value = fits ? TimeSpan.FromTicks((long)ticks) : default;
        return fits;
    }
}
