using System.CommandLine;
using Pptp.Linux;
using Pptpd.Commands;

if (args is [RunHookCommand.Name, .. string[] hook])
    return RunHookCommand.Run(hook);
// Before any other thread is made, since only those inherit them.
ProcessHardening.RaiseCapabilities(Capability.NetAdmin, Capability.NetRaw);

RootCommand root = new("A PPTP server and client for Linux that speaks RouterOS' vocabulary.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    StatusCommand.Create(),
    WhyCommand.Create(),
    DisconnectCommand.Create(),
    DoctorCommand.Create(),
    HealthCommand.Create(),
    HashCommand.Create(),
    ManualCommand.Create(),
    DemoCommand.Create(),
    DemoHalfCommand.Create(),
};
// The host itself takes the signals: a goodbye to every client may need longer than the two seconds that
// System.CommandLine would give it.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
