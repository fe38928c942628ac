namespace Pptp.Linux;

/// <summary>One descriptor that <see cref="EventPoll.Wait"/> found ready.</summary>
/// <param name="Token">What was given to <see cref="EventPoll.Add"/>.</param>
/// <param name="Events">What it is ready for.</param>
public readonly record struct PollEvent(ulong Token, PollEvents Events);
