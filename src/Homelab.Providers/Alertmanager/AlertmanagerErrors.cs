namespace Homelab.Providers.Alertmanager;

/// <summary>What several operations say alike.</summary>
internal static class AlertmanagerErrors
{
    internal static AlertmanagerClient Need(AlertmanagerClient? client) =>
        client ?? throw new HomelabException(ErrorKind.NotFound, "AlertmanagerNotConfigured", "The lab file names no Alertmanager. Give providers: alertmanager: url.", AlertmanagerNames.Provider);
}
