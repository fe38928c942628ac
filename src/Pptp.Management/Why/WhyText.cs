using System.Globalization;
using System.Text;
using Pptp.Model.Vocabulary;

namespace Pptp.Management.Why;

/// <summary>Tells attempts as <c>pptpd doctor</c> tells findings: what it is, what to do, and how it came.</summary>
public static class WhyText
{
    private const string Indent = "      ";

    /// <param name="document">What is told.</param>
    /// <param name="zone">Of the times in it.</param>
    public static string Print(WhyDocument document, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(document);
        StringBuilder text = new();
        foreach (WhyAttempt attempt in document.Attempts)
        {
            if (text.Length > 0)
                text.Append('\n');
            Print(text, attempt, zone);
        }
        return text.ToString();
    }

    private static void Print(StringBuilder text, WhyAttempt attempt, TimeZoneInfo zone)
    {
        string mark = attempt.Cause is null ? "ok  "
            : attempt.Guess || attempt.Outcome is "connected" or "ended" ? "look"
            : "BAD ";
        string who = attempt.User is { } user ? $"{TomlText.Escape(user)} from {attempt.Source}" : attempt.Source;
        DateTimeOffset started = TimeZoneInfo.ConvertTime(attempt.Started, zone);
        text.Append(CultureInfo.InvariantCulture, $"{mark}  {started:yyyy-MM-dd HH:mm:ss}  {who}: {attempt.Outcome}");
        if (attempt.Why is { } why)
            text.Append(attempt.Guess ? ", probably: " : ", ").Append(TomlText.Escape(why));
        text.Append('\n');
        if (attempt.Hint is { } hint)
            text.Append(Indent).Append(TomlText.Escape(hint)).Append('\n');
        foreach (WhyStep step in attempt.Timeline)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Indent}{step.After,9:0.000}  {step.Phase,-18}  ")
                .Append(TomlText.Escape(step.Text)).Append('\n');
        }
        if (attempt.Repeated > 0)
            text.Append(CultureInfo.InvariantCulture, $"{Indent}and {attempt.Repeated} times more\n");
    }
}
