using System.Globalization;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>So many in a time: <c>10/1m</c>.</summary>
internal sealed class ConnectionLimitType : PropertyType<ConnectionLimit>
{
    public override string Expectation => "a number in a time such as 10/1m";

    public override bool TryParse(string text, out ConnectionLimit value, out string? problem)
    {
        problem = null;
        value = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            || count < 1
            || !TimeType.TryParseDuration(text[(slash + 1)..], out TimeSpan period)
            || period < TimeSpan.FromSeconds(1))
        {
            return false;
        }

        value = new ConnectionLimit(count, period);
        return true;
    }

    public override string Format(ConnectionLimit value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.Count}/{TimeType.Print(value.Period)}");
}
