using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptp.Protocol.Control;

namespace Pptp.Benchmarks.Load;

/// <summary>One control connection and the calls on it. Its socket never blocks.</summary>
internal sealed class LoadConnection(LoadGenerator load, ulong token) : TimedItem, IDisposable
{
    private static readonly ControlConnectionOptions Options = new()
    {
        HostName = "load",
        VendorName = "pptpd",
        MaximumChannels = 0,
    };

    private readonly Dictionary<ushort, LoadCall> _calls = [];
    private readonly byte[] _received = new byte[2048];
    private Socket? _socket;
    private ControlConnection? _control;
    private byte[] _unsent = [];
    private bool _waitsToWrite;

    /// <summary>Where our end of it is; GRE leaves from there.</summary>
    public uint LocalAddress { get; private set; }

    public bool IsClosed { get; private set; }

    public bool HasNoCalls => _calls.Count == 0;

    public override TimeSpan? Deadline => IsClosed ? null : _control?.NextDeadline;

    /// <summary>Dials one more tunnel; the first opens the connection.</summary>
    public void Dial(LoadCall call, TimeSpan now)
    {
        _calls.Add(call.CallId, call);
        if (_socket is null) Connect();
        else if (IsClosed) Fail("the control connection is closed");
        else if (_control is { IsEstablished: true }) Place(call, now);
    }

    public void Ready(PollEvents events, TimeSpan now)
    {
        if (IsClosed) return;
        if (_control is null)
        {
            Connected(now);
            return;
        }
        if ((events & PollEvents.Writable) != 0) Flush();
        if ((events & ~PollEvents.Writable) != 0) Read(now);
    }

    public override void Advance(TimeSpan now)
    {
        _control?.Advance(now);
        Drain(now);
    }

    /// <summary>The call is over at its own end: the server is told, and leaves with the last call.</summary>
    public void Drop(LoadCall call, TimeSpan now)
    {
        if (!_calls.Remove(call.CallId)) return;
        if (_control is not { } control)
        {
            if (_calls.Count == 0) Close("given up");
            return;
        }
        control.DisconnectCall(call.CallId, CallDisconnectResult.Request, now);
        if (_calls.Count == 0 && !load.MayDialMore((int)token - 1))
            control.Stop(StopControlConnectionReason.StopLocalShutdown, now);
        Drain(now);
    }

    /// <summary>Ends what is left of it.</summary>
    public void Stop(TimeSpan now)
    {
        _control?.Stop(StopControlConnectionReason.StopLocalShutdown, now);
        Drain(now);
    }

    public void Dispose() => Close("the load is over");

    private void Connect()
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            Blocking = false,
            NoDelay = true,
        };
        try
        {
            if (load.Options.From is { } from) _socket.Bind(new IPEndPoint(from, 0));
            _socket.Connect(load.Options.Server);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It goes on by itself; the poll set tells when it is through.
        }
        catch (SocketException e)
        {
            Close($"TCP: {e.SocketErrorCode}");
            return;
        }
        load.Poll.Add((int)_socket.Handle, token, PollEvents.Writable);
    }

    private void Connected(TimeSpan now)
    {
        int error = (int)_socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != 0)
        {
            Close($"TCP: {(SocketError)error}");
            return;
        }
        LocalAddress = Ipv4.FromAddress(((IPEndPoint)_socket.LocalEndPoint!).Address);
        load.Poll.Modify((int)_socket.Handle, token, PollEvents.Readable);
        foreach (LoadCall call in _calls.Values) call.Enter("starting the control connection");
        _control = ControlConnection.Dial(Options, LoadRandom.Instance, now);
        Drain(now);
    }

    private void Read(TimeSpan now)
    {
        int count = _socket!.Receive(_received, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock) return;
        if (error != SocketError.Success || count == 0)
            _control!.TransportClosed(count == 0 && error == SocketError.Success ? "closed by the server" : $"{error}");
        else
            _control!.Receive(_received.AsSpan(0, count), now);
        Drain(now);
    }

    private void Drain(TimeSpan now)
    {
        while (!IsClosed && _control is { } control && control.TryTake(out ControlEvent? happened))
        {
            switch (happened)
            {
                case ControlEvent.Send send:
                    _unsent = [.. _unsent, .. send.Bytes];
                    break;
                case ControlEvent.StartReplied:
                    foreach (LoadCall call in _calls.Values.ToArray()) Place(call, now);
                    break;
                case ControlEvent.CallAnswered answered when _calls.TryGetValue(answered.CallId, out LoadCall? call):
                    call.Answered(answered.Reply, now);
                    break;
                case ControlEvent.CallRefused refused when _calls.Remove(refused.CallId, out LoadCall? call):
                    call.Over($"the call is refused: {refused.Reply.ResultCode}, {refused.Reply.ErrorCode}");
                    break;
                case ControlEvent.CallEnded ended when _calls.Remove(ended.CallId, out LoadCall? call):
                    call.Over($"the call is over: {ended.Reason}");
                    break;
                case ControlEvent.Closed closed:
                    Flush();
                    Close($"the control connection is closed: {closed.Detail}");
                    return;
            }
        }
        Flush();
        load.Timers.Arm(this);
    }

    private void Place(LoadCall call, TimeSpan now)
    {
        call.Enter("calling");
        _control!.PlaceCall(call.CallId, now);
        if (!call.IsOver) Drain(now);
    }

    private void Flush()
    {
        if (IsClosed || _socket is null || _control is null) return;
        while (_unsent.Length > 0)
        {
            int sent = _socket.Send(_unsent, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success) break;
            _unsent = _unsent[sent..];
        }
        bool mustWait = _unsent.Length > 0;
        if (mustWait == _waitsToWrite) return;
        _waitsToWrite = mustWait;
        load.Poll.Modify(
            (int)_socket.Handle, token, mustWait ? PollEvents.Readable | PollEvents.Writable : PollEvents.Readable);
    }

    private void Fail(string reason)
    {
        foreach (LoadCall call in _calls.Values.ToArray()) call.Over(reason);
        _calls.Clear();
    }

    private void Close(string reason)
    {
        if (IsClosed) return;
        IsClosed = true;
        Fail(reason);
        _socket?.Dispose();
        load.ConnectionClosed();
    }
}
