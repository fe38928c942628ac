using System.Globalization;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>RouterOS' rate-limit text.</summary>
internal sealed class RateLimitType : PropertyType<RateLimit>
{
    private static readonly (char Suffix, long Factor)[] Suffixes =
        [('G', 1_000_000_000), ('M', 1_000_000), ('k', 1_000)];

    private static readonly TimeType Seconds = new(TimeSpan.Zero, printSeconds: true);

    public override string Expectation =>
        "rx[/tx] [burst-rx[/tx] [threshold-rx[/tx] [time-rx[/tx] [priority [min-rx[/tx]]]]]], such as 2M/10M";

    public override bool TryParse(string text, out RateLimit value, out string? problem)
    {
        problem = null;
        value = new RateLimit(default(RatePair));
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > 6 || !TryParseRates(parts[0], out RatePair rate))
        {
            return false;
        }

        value = new RateLimit(rate);
        for (int i = 1; i < parts.Length; i++)
        {
            if (!TryAdd(i, parts[i], ref value, out problem))
            {
                return false;
            }
        }

        return true;
    }

    public override string Format(RateLimit value)
    {
        List<string?> parts =
        [
            Print(value.Rate),
            Print(value.BurstRate),
            Print(value.BurstThreshold),
            value.ReceiveBurstTime is { } receive && value.TransmitBurstTime is { } transmit
                ? Print(receive, transmit)
                : null,
            value.Priority?.ToString(CultureInfo.InvariantCulture),
            Print(value.MinimumRate),
        ];
        return string.Join(' ', parts.TakeWhile(part => part is not null));
    }

    private static bool TryAdd(int index, string part, ref RateLimit value, out string? problem)
    {
        problem = null;
        switch (index)
        {
            case 1 when TryParseRates(part, out RatePair burst):
                value = value with { BurstRate = burst };
                return true;
            case 2 when TryParseRates(part, out RatePair threshold):
                value = value with { BurstThreshold = threshold };
                return true;
            case 3 when TryParseTimes(part, out TimeSpan receive, out TimeSpan transmit):
                value = value with { ReceiveBurstTime = receive, TransmitBurstTime = transmit };
                return true;
            case 4 when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int priority):
                value = value with { Priority = priority };
                problem = priority is >= 1 and <= 8 ? null : $"priority must be 1 to 8, not {priority}";
                return problem is null;
            case 5 when TryParseRates(part, out RatePair minimum):
                value = value with { MinimumRate = minimum };
                problem = minimum.Receive <= value.Rate.Receive && minimum.Transmit <= value.Rate.Transmit
                    ? null
                    : $"the minimum rate {part} may not exceed the rate";
                return problem is null;
            default:
                return false;
        }
    }

    private static bool TryParseRates(string text, out RatePair rates)
    {
        (string first, string second) = Pair(text);
        bool parsed = TryParseRate(first, out long receive) & TryParseRate(second, out long transmit);
        rates = new RatePair(receive, transmit);
        return parsed;
    }

    private static bool TryParseTimes(string text, out TimeSpan receive, out TimeSpan transmit)
    {
        (string first, string second) = Pair(text);
        return TimeType.TryParseDuration(first, out receive) & TimeType.TryParseDuration(second, out transmit);
    }

    // The transmitted half left out repeats the received one.
    private static (string First, string Second) Pair(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text, text) : (text[..slash], text[(slash + 1)..]);
    }

    private static bool TryParseRate(string text, out long rate)
    {
        long factor = 1;
        ReadOnlySpan<char> digits = text;
        foreach ((char suffix, long times) in Suffixes)
        {
            if (digits.EndsWith([suffix]))
            {
                factor = times;
                digits = digits[..^1];
                break;
            }
        }

        bool parsed = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out rate)
            && rate <= long.MaxValue / factor;
        rate = parsed ? rate * factor : 0;
        return parsed;
    }

    private static string? Print(RatePair? rates) => rates is not { } pair
        ? null
        : pair.Receive == pair.Transmit ? Print(pair.Receive) : $"{Print(pair.Receive)}/{Print(pair.Transmit)}";

    private static string Print(TimeSpan first, TimeSpan second) =>
        first == second ? Seconds.Format(first) : $"{Seconds.Format(first)}/{Seconds.Format(second)}";

    private static string Print(long rate)
    {
        foreach ((char suffix, long factor) in Suffixes)
        {
            if (rate != 0 && rate % factor == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{rate / factor}{suffix}");
            }
        }

        return rate.ToString(CultureInfo.InvariantCulture);
    }
}
