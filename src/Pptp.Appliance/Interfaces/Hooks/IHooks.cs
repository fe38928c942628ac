namespace Pptp.Appliance.Interfaces.Hooks;

/// <summary>Runs what <c>on-up</c> and <c>on-down</c> name. From any thread; returns at once, throws nothing.</summary>
internal interface IHooks
{
    void Run(HookRun run);
}

/// <summary>Runs nothing.</summary>
internal sealed class NoHooks : IHooks
{
    public static NoHooks Instance { get; } = new();

    public void Run(HookRun run)
    {
    }
}
