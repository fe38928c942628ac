namespace Pptp.Interop.Tests.Harness;

/// <summary>
/// What a test measured. It goes into the test's output, and, where the environment variable PPTP_FIGURES names
/// a file, into that too, so that the run can print all figures at its end.
/// </summary>
internal static class Figures
{
    private static readonly string? CollectedIn = Environment.GetEnvironmentVariable("PPTP_FIGURES");

    public static void Print(string what, string figures)
    {
        string line = $"{what}: {figures}";
        TestContext.Out.WriteLine(line);
        if (!string.IsNullOrEmpty(CollectedIn))
        {
            File.AppendAllText(CollectedIn, line + "\n");
        }
    }
}
