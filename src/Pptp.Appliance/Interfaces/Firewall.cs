using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>Opens libnftables; null: it cannot be used, and <paramref name="whyNot"/> says why.</summary>
internal delegate INftables? NftablesOpener(out string? whyNot);

/// <summary>
/// The filters and lists of sessions, in a table of our own of nftables. One thread talks to the kernel, and takes all
/// that has gathered meanwhile at once. While no profile wants a filter or a list nothing of this is there.
/// </summary>
/// <param name="open">Opens libnftables.</param>
/// <param name="logger">For what goes wrong.</param>
internal sealed partial class Firewall(NftablesOpener open, ILogger logger) : IDisposable
{
    /// <summary>A library that does not come back must not keep a login for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<Request> _requests = [];
    private INftables? _nftables;
    private Thread? _thread;

    /// <summary>Why no session can have a filter or list; null: it can.</summary>
    private volatile string? _whyNot = "it is not set up";

    /// <summary>How many have left whose members may be there still.</summary>
    private int _leaving;

    /// <summary>How many requests wait for the thread.</summary>
    internal int Waiting => _requests.Count;

    /// <summary>
    /// Puts the chains and lists of a configuration in force. Where there is no libnftables the log says so, and sessions
    /// that want it are refused.
    /// </summary>
    /// <returns>Names of the interfaces in use whose filter is no longer there: nothing passes them.</returns>
    /// <exception cref="FirewallException">nftables has something against it; nothing was changed.</exception>
    public IReadOnlyList<string> Apply(PptpConfiguration configuration)
    {
        FirewallRuleset ruleset = FirewallRuleset.Of(configuration);
        if (ruleset.IsEmpty && _nftables is null)
            return [];
        string? whyNot = null;
        _nftables ??= open(out whyNot);
        if (_nftables is null)
        {
            _whyNot = whyNot;
            Log.Impossible(logger, whyNot!);
            return [];
        }
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "firewall" };
            _thread.Start();
        }
        Request.Replace request = new(ruleset);
        if (AskAsync(request).GetAwaiter().GetResult() is { } failure)
        {
            // What was in force before is so still.
            if (_whyNot is not null)
                _whyNot = failure;
            throw new FirewallException(failure);
        }
        _whyNot = null;
        return request.Unfiltered;
    }

    /// <summary>Has an interface filtered and listed before it is there. May take some milliseconds.</summary>
    /// <returns>For <see cref="Leave"/>; null: nothing was wanted.</returns>
    /// <exception cref="FirewallException">It cannot be done.</exception>
    public FirewallEntry? Enter(string interfaceName, IPAddress? address, FirewallMembership membership) =>
        EnterAsync(interfaceName, address, membership).GetAwaiter().GetResult();

    /// <summary>
    /// As <see cref="Enter"/>. Many who come at once wait without a thread: so none is kept from coming along.
    /// </summary>
    public Task<FirewallEntry?> EnterAsync(string interfaceName, IPAddress? address, FirewallMembership membership) =>
        LetInAsync(new FirewallEntry(interfaceName, address, membership));

    /// <summary>
    /// Puts an IPv6 prefix on the address lists of an entry, until that leaves. Not beside the same entry's
    /// <see cref="Leave"/>.
    /// </summary>
    /// <exception cref="FirewallException">It cannot be done.</exception>
    public void AddPrefix(FirewallEntry? entry, Ipv6Prefix? prefix)
    {
        if (entry is null || prefix is null || entry.Later is not null)
            return;
        entry.Later = LetInAsync(OfPrefix(entry, prefix.Value)).GetAwaiter().GetResult();
    }

    /// <summary>
    /// Has an interface filtered and listed otherwise from one packet to the next. Not beside the same entry's
    /// <see cref="AddPrefix"/> or <see cref="Leave"/>.
    /// </summary>
    /// <param name="before">What it has; null: nothing.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="address">The address for the address lists; null: none.</param>
    /// <param name="prefix">The prefix for them; null: none.</param>
    /// <param name="membership">What is wanted.</param>
    /// <returns>In the place of <paramref name="before"/>; null: nothing was wanted.</returns>
    /// <exception cref="FirewallException">It cannot be done; it is filtered and listed as before.</exception>
    public async Task<FirewallEntry?> SwapAsync(
        FirewallEntry? before, string interfaceName, IPAddress? address, Ipv6Prefix? prefix,
        FirewallMembership membership)
    {
        if (!membership.IsEmpty && _whyNot is { } whyNot)
            throw new FirewallException($"filters and lists cannot be set: {whyNot}");
        FirewallEntry? after = membership.IsEmpty ? null : new FirewallEntry(interfaceName, address, membership);
        if (after is not null && prefix is { } there)
            after.Later = OfPrefix(after, there);
        Request.Swap swap = new(WithLater(before), WithLater(after));
        if (swap.Leaving.Count + swap.Coming.Count == 0)
            return null;
        if (await AskAsync(swap).ConfigureAwait(false) is not { } failure)
            return after;
        // It may be done yet where nobody has answered.
        _ = TryPost(new Request.Swap(swap.Coming, swap.Leaving));
        throw new FirewallException($"filters and lists cannot be set: {failure}");
    }

    private static FirewallEntry OfPrefix(FirewallEntry entry, Ipv6Prefix prefix) =>
        new(entry.InterfaceName, null, new FirewallMembership { AddressLists = entry.Membership.AddressLists })
        {
            Prefix = prefix,
        };

    private static IReadOnlyList<FirewallEntry> WithLater(FirewallEntry? entry) => entry switch
    {
        null => [],
        { Later: { } later } => [entry, later],
        _ => [entry],
    };

    private async Task<FirewallEntry?> LetInAsync(FirewallEntry entry)
    {
        FirewallMembership membership = entry.Membership;
        // Who had the name or the address before may be on lists yet.
        if (membership.IsEmpty && Volatile.Read(ref _leaving) == 0)
            return null;
        if (!membership.IsEmpty && _whyNot is { } whyNot)
            throw new FirewallException($"the profile's filters and lists cannot be set: {whyNot}");
        if (await AskAsync(new Request.Come(entry)).ConfigureAwait(false) is { } failure)
        {
            Leave(entry);
            throw new FirewallException($"the profile's filters and lists cannot be set: {failure}");
        }
        return membership.IsEmpty ? null : entry;
    }

    /// <summary>Takes back what <see cref="Enter"/> did, some time soon; waits for nothing.</summary>
    public void Leave(FirewallEntry? entry)
    {
        if (entry is null)
            return;
        Leave(entry.Later);
        Interlocked.Increment(ref _leaving);
        if (!TryPost(new Request.Leave(entry)))
            Interlocked.Decrement(ref _leaving);
    }

    /// <summary>Takes the table away.</summary>
    public void Dispose()
    {
        if (_thread is { } thread)
        {
            _ = TryPost(new Request.Delete());
            _requests.CompleteAdding();
            thread.Join();
            _thread = null;
        }
        _nftables?.Dispose();
        _requests.Dispose();
    }

    private bool TryPost(Request request)
    {
        try
        {
            _requests.Add(request);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <returns>Why it was not done; null: it was.</returns>
    private async Task<string?> AskAsync(Request request)
    {
        if (!TryPost(request))
            return "pptpd is stopping";
        try
        {
            return await request.Done.Task.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return $"nftables has not answered in {Patience.TotalSeconds:0} s";
        }
    }

    private void Run()
    {
        FirewallTable table = new(_nftables!, logger);
        List<Request> batch = [];
        foreach (Request first in _requests.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (_requests.TryTake(out Request? next))
                batch.Add(next);
            try
            {
                Process(table, batch);
            }
            catch (Exception e)
            {
                Log.Failed(logger, e);
                foreach (Request request in batch)
                    request.Done.TrySetResult(e.Message);
            }
            Interlocked.Add(ref _leaving, -batch.Count(request => request is Request.Leave));
            batch.Clear();
        }
    }

    private static void Process(FirewallTable table, List<Request> batch)
    {
        List<Request.Come> coming = [];
        List<FirewallEntry> leaving = [];
        foreach (Request request in batch)
        {
            switch (request)
            {
                case Request.Come come:
                    coming.Add(come);
                    break;
                case Request.Leave leave:
                    leaving.Add(leave.Entry);
                    break;
                case Request.Replace replace:
                    Change(table, coming, leaving);
                    Replace(table, replace);
                    break;
                case Request.Swap swap:
                    Change(table, coming, leaving);
                    swap.Done.TrySetResult(table.Swap(swap.Leaving, swap.Coming));
                    break;
                case Request.Delete:
                    table.Delete();
                    break;
            }
        }
        Change(table, coming, leaving);
    }

    private static void Change(FirewallTable table, List<Request.Come> coming, List<FirewallEntry> leaving)
    {
        if (coming.Count + leaving.Count == 0)
            return;
        IReadOnlyList<string?> failures = table.Change([.. coming.Select(come => come.Entry)], leaving);
        for (int i = 0; i < coming.Count; i++)
            coming[i].Done.TrySetResult(failures[i]);
        coming.Clear();
        leaving.Clear();
    }

    private static void Replace(FirewallTable table, Request.Replace replace)
    {
        IReadOnlyList<NftablesError> errors = table.Replace(replace.Ruleset);
        replace.Unfiltered = table.Unfiltered();
        replace.Done.TrySetResult(errors.Count == 0
            ? null
            : string.Join("; ", errors.Select(error => Describe(replace.Ruleset.Explain(error)))));
    }

    private static string Describe((FirewallPlace? Place, string Message) error) =>
        error.Place is null ? error.Message : $"{error.Place}: {error.Message}";

    /// <summary>Something for the thread to do.</summary>
    private abstract record Request
    {
        /// <summary>Why it was not done; null: it was.</summary>
        public TaskCompletionSource<string?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public sealed record Come(FirewallEntry Entry) : Request;

        public sealed record Leave(FirewallEntry Entry) : Request;

        public sealed record Swap(
            IReadOnlyList<FirewallEntry> Leaving, IReadOnlyList<FirewallEntry> Coming) : Request;

        public sealed record Delete : Request;

        public sealed record Replace(FirewallRuleset Ruleset) : Request
        {
            public IReadOnlyList<string> Unfiltered { get; set; } = [];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "incoming-filter, outgoing-filter, address-list and interface-list cannot be set, so sessions whose profile has one are refused: {Why}")]
        public static partial void Impossible(ILogger logger, string why);

        [LoggerMessage(LogLevel.Error, "the firewall's thread met a fault")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
