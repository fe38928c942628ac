using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Pptp.Linux;
using static Tmds.Linux.LibC;

namespace Pptp.Testing;

/// <summary>
/// A network namespace of its own with a thread that lives in it: no name, no process, nothing left behind. What is
/// opened by <see cref="Invoke(Action)"/> stays in the namespace, whichever thread uses it later.
/// </summary>
/// <remarks>
/// Sockets belong to the namespace of the thread that makes them, so asynchronous code, which goes on on threads of
/// the pool, must have opened its sockets here before it first awaits.
/// </remarks>
public sealed class NetworkNamespace : IDisposable
{
    private readonly BlockingCollection<WorkItem> _work = [];
    private readonly Thread _thread;
    private readonly TaskCompletionSource<int> _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes the namespace; its loopback interface is up.</summary>
    /// <exception cref="LinuxException">EPERM: not root; ask <see cref="WhyUnavailable"/> first.</exception>
    public NetworkNamespace()
    {
        _thread = new Thread(Live) { IsBackground = true, Name = "network namespace" };
        _thread.Start();
        Descriptor = _entered.Task.GetAwaiter().GetResult();
    }

    /// <summary>Why no namespace can be made here; null if it can.</summary>
    public static string? WhyUnavailable { get; } = FindObstacle();

    /// <summary>An open descriptor of the namespace, for netlink and setns.</summary>
    public int Descriptor { get; }

    /// <summary>Does something in a new namespace that is gone afterwards.</summary>
    public static void Run(Action action)
    {
        using NetworkNamespace fresh = new();
        fresh.Invoke(action);
    }

    /// <summary>
    /// Joins two namespaces by a cable: an interface in each, up, with an address in a prefix both share.
    /// </summary>
    /// <param name="first">Gets <paramref name="firstName"/> with <paramref name="firstAddress"/>.</param>
    /// <param name="firstName">An interface name.</param>
    /// <param name="firstAddress">IPv4, such as 192.0.2.1.</param>
    /// <param name="second">The other end; may be the same namespace.</param>
    /// <param name="secondName">An interface name.</param>
    /// <param name="secondAddress">IPv4, such as 192.0.2.2.</param>
    /// <param name="prefixLength">In bits.</param>
    public static void Connect(
        NetworkNamespace first,
        string firstName,
        string firstAddress,
        NetworkNamespace second,
        string secondName,
        string secondAddress,
        int prefixLength = 24)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        first.Invoke(() => VirtualCable.Create(firstName, secondName, second.Descriptor));
        second.Invoke(() => VirtualCable.Configure(secondName, secondAddress, prefixLength));
        first.Invoke(() => VirtualCable.Configure(firstName, firstAddress, prefixLength));
    }

    /// <summary>
    /// Does something on the namespace's thread and waits for its end; what it throws is thrown here.
    /// </summary>
    public void Invoke(Action action) =>
        Invoke(() =>
        {
            action();
            return true;
        });

    /// <summary>
    /// Does something on the namespace's thread; what it returns is returned, what it throws is thrown here.
    /// </summary>
    public T Invoke<T>(Func<T> function)
    {
        T result = default!;
        if (Thread.CurrentThread == _thread)
        {
            return function();
        }

        WorkItem item = new(() => result = function(), ExecutionContext.Capture());
        _work.Add(item);
        item.Done.Task.GetAwaiter().GetResult()?.Throw();
        return result;
    }

    /// <summary>Ends the thread. The namespace goes when the last socket or TUN opened in it is closed.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _ = close(Descriptor);
        _work.Dispose();
    }

    private static string? FindObstacle()
    {
        if (!ProcessHardening.HasCapability(Capability.SysAdmin))
        {
            return "not tested here: a network namespace needs root (CAP_SYS_ADMIN)";
        }

        try
        {
            Run(() => { });
            return null;
        }
        catch (LinuxException e)
        {
            return $"not tested here: no network namespace can be made, {e.Message}";
        }
    }

    private unsafe void Live()
    {
        try
        {
            if (unshare(CLONE_NEWNET) < 0)
            {
                throw new LinuxException("unshare(CLONE_NEWNET)", "a test's thread", errno);
            }

            int descriptor;
            fixed (byte* path = "/proc/thread-self/ns/net\0"u8)
            {
                descriptor = open(path, O_RDONLY | O_CLOEXEC);
            }

            if (descriptor < 0)
            {
                throw new LinuxException("open", "/proc/thread-self/ns/net", errno);
            }

            using (RouteNetlink netlink = new())
            {
                netlink.ChangeLink(1, new LinkChange { Up = true });
            }

            _entered.SetResult(descriptor);
        }
        catch (LinuxException e)
        {
            _entered.SetException(e);
            return;
        }

        foreach (WorkItem item in _work.GetConsumingEnumerable())
        {
            item.Execute();
        }
    }

    private sealed record WorkItem(Action Action, ExecutionContext? Context)
    {
        internal TaskCompletionSource<ExceptionDispatchInfo?> Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Execute()
        {
            ExceptionDispatchInfo? thrown = null;

            // The caller's context goes along: a test's assertions find their test through it.
            if (Context is null)
            {
                Guarded();
            }
            else
            {
                ExecutionContext.Run(Context, _ => Guarded(), null);
            }

            Done.SetResult(thrown);

            void Guarded()
            {
                try
                {
                    Action();
                }
                catch (Exception e)
                {
                    thrown = ExceptionDispatchInfo.Capture(e);
                }
            }
        }
    }
}
