using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Aaa;

namespace Pptp.Appliance.State;

/// <summary>
/// Gives each call its Acct-Session-Id, eight hexadecimal digits of which the first is 8 as RouterOS', and never the same
/// twice: numbers are set apart on the disk, many at a time, before the first of them is given. NAS-Port is the same
/// number without that digit; to RouterOS too it is the session's number, not a place that is free again.
/// </summary>
internal sealed partial class SessionIds
{
    internal const int BlockSize = 1024;

    private const int NumberBits = 28;
    private const uint Mask = (1u << NumberBits) - 1;

    /// <summary>A new file begins at a random number of which these bits are 1.</summary>
    private const int FreshBits = 12;

    private readonly Lock _lock = new();
    private readonly AccountingJournal? _journal;
    private readonly ILogger? _logger;
    private long _next;
    private int _left;
    private long? _following;
    private bool _told;

    /// <summary>To be made before the journal is started, which then gives the first numbers.</summary>
    public SessionIds(AccountingJournal journal, ILogger logger)
    {
        _journal = journal;
        _logger = logger;
        Reserve();
    }

    /// <summary>Numbers nothing knows after the end of the process.</summary>
    public SessionIds()
    {
    }

    /// <summary>Never waits: while no numbers can be set apart it gives some that are likely to be new.</summary>
    public SessionIdentity Next()
    {
        uint number;
        lock (_lock)
        {
            if (_left == 0)
                BeginBlock();
            number = (uint)(_next++ & Mask);
            _left--;
        }
        return new SessionIdentity((number | 0x8000_0000).ToString("x8", CultureInfo.InvariantCulture), number);
    }

    /// <summary>
    /// Random, so that a state folder which is lost with each run, as that of a container without a volume, does not
    /// have the same numbers given again.
    /// </summary>
    internal static long FreshStart() =>
        ((long)RandomNumberGenerator.GetInt32(1 << (NumberBits - FreshBits)) << FreshBits) | 1;

    private void BeginBlock()
    {
        _left = BlockSize;
        if (_following is { } reserved)
        {
            _next = reserved;
            _following = null;
            Reserve();
            return;
        }
        _next = FreshStart();
        if (_logger is not null && !_told)
            Log.Unreserved(_logger);
        _told = true;
    }

    private void Reserve() => _journal?.Reserve(BlockSize, first =>
    {
        lock (_lock)
            _following = first;
    });

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "numbers of sessions (Acct-Session-Id) cannot be set apart in the state folder: they go on at a random one")]
        public static partial void Unreserved(ILogger logger);
    }
}
