using System.Net;

namespace Pptp.Appliance.Diagnosis;

/// <summary>
/// One attempt to get in, from its TCP connection to its end: a timeline of bounded length, and the first cause that
/// was found. Told by one tunnel's actor, read from any thread.
/// </summary>
internal sealed class Attempt
{
    /// <summary>Entries of a timeline; beyond them those in the middle go.</summary>
    public const int MaximumSteps = 40;

    /// <summary>Characters of one entry.</summary>
    public const int MaximumText = 160;

    /// <summary>Octets an attempt takes without its timeline, and an entry without its text, rounded up.</summary>
    private const int BaseWeight = 400;
    private const int StepWeight = 56;

    private readonly AttemptBook _book;
    private readonly Lock _lock = new();
    private readonly TimeSpan _begun;
    private readonly DateTimeOffset _started;
    private readonly List<AttemptStep> _steps = [];
    private AttemptCause? _cause;
    private string? _detail;
    private string? _user;
    private bool _isKnownUser;
    private bool _isConnected;
    private bool _isOver;
    private int _repeated;

    public Attempt(AttemptBook book, IPAddress source)
    {
        _book = book;
        _begun = book.Clock.Now;
        _started = book.Clock.Time.GetUtcNow();
        Source = source;
    }

    public IPAddress Source { get; }

    /// <summary>Tables that hold it, and what it takes of memory in octets: the book's alone to change.</summary>
    public int Holders { get; set; }

    public long Weight { get; set; } = BaseWeight;

    /// <summary>The first cause that was found.</summary>
    public AttemptCause? Cause
    {
        get
        {
            lock (_lock)
                return _cause;
        }
    }

    /// <summary>The cause in plain words, with what is particular about it.</summary>
    public string Why
    {
        get
        {
            lock (_lock)
                return WhyText() ?? "";
        }
    }

    /// <summary>Adds an entry to the timeline.</summary>
    /// <param name="text">May hold what the peer sent: it is escaped here.</param>
    public void Note(AttemptPhase phase, string text)
    {
        text = LogText.Escape(text.Length <= MaximumText ? text : text[..MaximumText]);
        AttemptStep step = new(_book.Clock.Now - _begun, phase.Word(), text);
        int weight = WeightOf(step);
        lock (_lock)
        {
            if (_isOver)
                return;
            if (_steps.Count == MaximumSteps)
            {
                weight -= WeightOf(_steps[MaximumSteps / 2]);
                _steps.RemoveAt(MaximumSteps / 2);
            }
            _steps.Add(step);
        }
        _book.Weigh(this, weight);
    }

    /// <summary>It can be found by this name from now on.</summary>
    /// <param name="user">As the peer sent it, or the secret's.</param>
    /// <param name="isKnown">There is such a user.</param>
    public void NameUser(string user, bool isKnown)
    {
        string name = LogText.Escape(user);
        lock (_lock)
        {
            if (_user == name && (_isKnownUser || !isKnown))
                return;
            _user = name;
            _isKnownUser = isKnown;
        }
        _book.FileUnder(this, name, isKnown);
    }

    /// <summary>Says why it fails. Of several causes the first stays.</summary>
    /// <param name="detail">What the cause leaves open; it is escaped here.</param>
    public void Blame(AttemptCause cause, string? detail = null)
    {
        lock (_lock)
        {
            if (_isOver || _cause is not null)
                return;
            _cause = cause;
            _detail = detail is null ? null : LogText.Escape(detail);
        }
    }

    /// <summary>What looked like a failure was none.</summary>
    public void Absolve()
    {
        lock (_lock)
        {
            _cause = null;
            _detail = null;
        }
    }

    /// <summary>The tunnel carries IP.</summary>
    public void Connect()
    {
        lock (_lock)
        {
            _cause = null;
            _isConnected = true;
        }
        Note(AttemptPhase.Session, "connected");
    }

    /// <summary>The last entry.</summary>
    public void End(string text)
    {
        Note(AttemptPhase.End, text);
        lock (_lock)
            _isOver = true;
    }

    /// <summary>The same has happened once more. False: it was something else that happened here.</summary>
    public bool TryRepeat(AttemptCause cause)
    {
        lock (_lock)
        {
            if (!_isOver || _cause != cause)
                return false;
            _repeated++;
            return true;
        }
    }

    public AttemptReport Report()
    {
        lock (_lock)
        {
            return new AttemptReport
            {
                Started = _started,
                Source = Source,
                User = _user,
                Outcome = !_isOver ? _isConnected ? "connected" : "under way" : _isConnected ? "ended" : "failed",
                Cause = _cause?.Name,
                Why = WhyText(),
                Hint = _cause?.Hint,
                IsGuess = _cause?.IsGuess == true,
                Repeated = _repeated,
                Steps = [.. _steps],
            };
        }
    }

    private static int WeightOf(AttemptStep step) => StepWeight + (2 * step.Text.Length);

    private string? WhyText() => _detail is null ? _cause?.Text : $"{_cause?.Text}: {_detail}";
}
