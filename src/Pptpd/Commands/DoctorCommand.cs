using System.CommandLine;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;

namespace Pptpd.Commands;

/// <summary><c>pptpd doctor</c>: what on this host keeps the server from working, and the command that mends it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<string?> file = ConfigurationFile.CreateOption();
        Command command = new("doctor", "Look for what keeps the server from working here; tell how to mend it.") { file };
        command.SetAction(result => Examine(ConfigurationFile.Resolve(result.GetValue(file))));
        return command;
    }

    private static int Examine(string path)
    {
        // A broken configuration must not hide a broken host.
        PptpConfiguration? configuration = ConfigurationFile.Load(path);
        IReadOnlyList<Finding> findings = HostDoctor.Examine(configuration ?? new PptpConfiguration());
        foreach (Finding finding in findings)
        {
            string mark = finding.Verdict switch { Verdict.Good => "ok  ", Verdict.Doubtful => "look", _ => "BAD " };
            Console.Out.WriteLine($"{mark}  {finding.Subject}: {finding.Detail}");
            if (finding.Remedy is { } remedy)
                Console.Out.WriteLine($"      {remedy}");
        }
        return configuration is null ? ExitCode.BadInput
            : findings.Any(finding => finding.Verdict == Verdict.Bad) ? ExitCode.Failure
            : ExitCode.Success;
    }
}
