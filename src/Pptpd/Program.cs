using System.CommandLine;
using Pptp.Linux;
using Pptpd.Commands;

// Before any other thread is made, since only those inherit them.
ProcessHardening.RaiseCapabilities(Capability.NetAdmin, Capability.NetRaw);

RootCommand root = new("A PPTP server for Linux that speaks RouterOS' vocabulary.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    DoctorCommand.Create(),
    HealthCommand.Create(),
    HashCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
