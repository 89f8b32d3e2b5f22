using Homelab.Host.Logging;

namespace Homelab.Host.Mcp;

/// <summary>Passes the SDK's warnings and errors on to our log: standard error, JSON, secrets masked. What it tells of each message is left out.</summary>
internal sealed class SdkLog(JsonLog log) : ILoggerFactory, ILogger
{
    private const int LongestText = 2_000;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The log of the host is the only one.");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Warning or LogLevel.Error or LogLevel.Critical;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // A client that changes its mind is nothing to warn of.
        if (!IsEnabled(logLevel) || exception is OperationCanceledException) return;
        var cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})";
        log.Write(logLevel == LogLevel.Warning ? "protocolWarning" : "protocolError", ForeignText.Clean(formatter(state, exception) + cause, LongestText));
    }

    public void Dispose()
    {
        // Nothing is held: the log belongs to the command.
    }
}
