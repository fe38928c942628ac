using System.Runtime.ExceptionServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// A network namespace of its own without a name: it is there as long as this handle is open, a socket or TUN that
/// was opened in it, or a process that was started in it. So nothing has to be taken down, not even after a kill.
/// </summary>
public sealed class NetworkNamespaceHandle : IDisposable
{
    private int _descriptor;

    private NetworkNamespaceHandle(int descriptor) => _descriptor = descriptor;

    /// <summary>An open descriptor of the namespace, for setns(2) and netlink.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Makes a namespace. It holds a loopback interface, which is up, and nothing else.</summary>
    /// <exception cref="LinuxException">EPERM: CAP_SYS_ADMIN is missing. ENOSPC: there are too many.</exception>
    public static NetworkNamespaceHandle Create() => OnThreadOfItsOwn(() =>
    {
        if (unshare(CLONE_NEWNET) < 0)
        {
            throw new LinuxException("unshare(CLONE_NEWNET)", "a new thread", errno);
        }

        NetworkNamespaceHandle handle = new(OpenCurrent());
        try
        {
            using RouteNetlink netlink = new();
            netlink.ChangeLink(netlink.FindLink("lo")!.Index, new LinkChange { Up = true });
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    });

    /// <summary>
    /// Does something in the namespace, on a thread of its own, and waits for its end; what it throws is thrown here.
    /// Sockets opened by <paramref name="function"/> itself stay in the namespace, and so do processes it starts.
    /// What it awaits goes on elsewhere.
    /// </summary>
    /// <exception cref="LinuxException">EPERM: CAP_SYS_ADMIN is missing.</exception>
    public T Run<T>(Func<T> function) => OnThreadOfItsOwn(() =>
    {
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        if (setns(_descriptor, CLONE_NEWNET) < 0)
        {
            throw new LinuxException("setns", "a network namespace", errno);
        }

        return function();
    });

    /// <inheritdoc cref="Run{T}"/>
    public void Run(Action action) =>
        Run(() =>
        {
            action();
            return true;
        });

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = close(descriptor);
        }
    }

    private static unsafe int OpenCurrent()
    {
        int descriptor;
        fixed (byte* path = "/proc/thread-self/ns/net\0"u8)
        {
            descriptor = open(path, O_RDONLY | O_CLOEXEC);
        }

        return descriptor >= 0 ? descriptor : throw new LinuxException("open", "/proc/thread-self/ns/net", errno);
    }

    /// <summary>A namespace belongs to a thread; one of the pool would carry it on to others' work.</summary>
    private static T OnThreadOfItsOwn<T>(Func<T> function)
    {
        T result = default!;
        ExceptionDispatchInfo? thrown = null;
        Thread thread = new(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception e)
            {
                thrown = ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true, Name = "network namespace" };
        thread.Start();
        thread.Join();
        thrown?.Throw();
        return result;
    }
}
