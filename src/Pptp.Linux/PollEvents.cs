namespace Pptp.Linux;

/// <summary>What a descriptor waits for or is ready for; the values are epoll's.</summary>
[Flags]
public enum PollEvents
{
    None = 0,

    /// <summary>EPOLLIN: something can be read.</summary>
    Readable = 0x001,

    /// <summary>EPOLLOUT: something can be written.</summary>
    Writable = 0x004,

    /// <summary>
    /// EPOLLERR: always reported, never to be asked for. A TUN reports it when its interface is deleted.
    /// </summary>
    Error = 0x008,

    /// <summary>EPOLLHUP: always reported, never to be asked for.</summary>
    HangUp = 0x010,
}
