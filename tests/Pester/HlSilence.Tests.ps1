# Against a real Alertmanager on a loopback port, which tells nobody.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Peer.ps1"
    $script:folder = New-Folder
    $script:missing = Get-PeerObstacle prometheus-alertmanager prometheus-alertmanager
    if ($missing) { return }
    Set-Content "$folder/alertmanager.yml" "route: { receiver: none }`nreceivers: [ { name: none } ]"
    $port = Get-FreePort
    $script:peer = Open-Peer prometheus-alertmanager "--config.file=$folder/alertmanager.yml", "--storage.path=$folder", "--web.listen-address=127.0.0.1:$port", '--cluster.listen-address=' "http://127.0.0.1:$port/-/ready" $folder
    foreach ($level in 'manage', 'monitor') {
        $null = New-Item "$folder/$level" -ItemType Directory
        Set-Content "$folder/$level/homelab.yaml" @"
apiVersion: homelab/v1
kind: Lab
metadata: { name: $level }
access: { interactive: $level }
providers:
  alertmanager: { url: "http://127.0.0.1:$port" }
"@
    }

    function Clear-Silence {
        Get-HlSilence | Remove-HlSilence
    }
}

AfterAll {
    Disconnect-Hl
    Close-Peer $peer $folder
}

Describe 'Silences of a real Alertmanager' {
    BeforeEach {
        if ($missing) { Set-ItResult -Skipped -Because $missing }
        $null = Connect-Hl "$folder/manage/homelab.yaml"
        Clear-Silence
    }

    It 'are made <as>' -ForEach @(
        @{ as = 'by position'; call = { New-HlSilence service=gitea }; matchers = 'service="gitea"' }
        @{ as = 'by parameter'; call = { New-HlSilence -Matcher service=gitea }; matchers = 'service="gitea"' }
        @{ as = 'of several conditions'; call = { New-HlSilence 'alertname=~"Node.*"', host!=dev }; matchers = 'alertname=~"Node.*"', 'host!="dev"' }
        @{ as = 'from the pipeline'; call = { 'service=gitea' | New-HlSilence }; matchers = 'service="gitea"' }
    ) {
        $silence = & $call
        $silence | Should -BeOfType ([Homelab.Silence])
        $silence.State | Should -Be 'Active'
        $silence.Matchers | Should -Be $matchers
        $silence.CreatedBy | Should -BeLike 'homelab (interactive:*)'
        (Get-HlSilence).Id | Should -Be $silence.Id
    }

    It 'hold as long as they are told to, and say why' {
        $silence = New-HlSilence service=gitea -For 30m -Comment 'Gitea is updated.'
        ($silence.EndsAt - $silence.StartsAt).TotalMinutes | Should -BeGreaterThan 29
        ($silence.EndsAt - $silence.StartsAt).TotalMinutes | Should -BeLessOrEqual 30.1
        $silence.Comment | Should -BeLike 'Gitea is updated.*'
    }

    It 'are found by a text in a matcher or a comment: <pattern>' -ForEach @(
        @{ pattern = '*gitea*'; expected = 'service="gitea"' }
        @{ pattern = 'service=*'; expected = 'service="gitea"', 'service="redis"' }
        @{ pattern = 'About redis*'; expected = 'service="redis"' }
        @{ pattern = 'nosuch*'; expected = $null }
    ) {
        $null = New-HlSilence service=gitea -Comment 'Updated.'
        $null = New-HlSilence service=redis -Comment 'About redis.'
        (Get-HlSilence $pattern -ErrorAction Stop).ForEach{ $_.Matchers } | Sort-Object | Should -Be $expected
        ($pattern | Get-HlSilence).ForEach{ $_.Matchers } | Sort-Object | Should -Be $expected
    }

    It 'are ended through the pipeline, and listed then only with -Expired' {
        $null = New-HlSilence service=gitea
        $kept = New-HlSilence service=redis
        $ended = Get-HlSilence *gitea* | Remove-HlSilence -PassThru
        $ended.State | Should -Be 'Expired'
        (Get-HlSilence).Id | Should -Be $kept.Id
        (Get-HlSilence -Expired).Id | Should -Contain $ended.Id
        # One that is over stays so.
        (Remove-HlSilence $ended.Id -PassThru).State | Should -Be 'Expired'
        Remove-HlSilence $kept.Id | Should -BeNullOrEmpty
        Get-HlSilence | Should -BeNullOrEmpty
    }

    It 'are neither made nor ended under -WhatIf' {
        $kept = New-HlSilence service=redis
        $said = Invoke-Shell "Connect-Hl '$folder/manage/homelab.yaml' | Out-Null; New-HlSilence service=gitea, severity=info -For 30m -WhatIf; Remove-HlSilence $($kept.Id) -WhatIf"
        $said.Output -split '\r?\n' | Should -BeExactly @(
            'What if: Performing the operation "Silence alerts for 30m that match" on target "service="gitea", severity="info"".'
            "What if: Performing the operation `"End silence`" on target `"$($kept.Id)`"."
        )
        (Get-HlSilence).Id | Should -Be $kept.Id
    }

    It 'are rows that say what is silenced, until when and by whom' {
        $null = New-HlSilence service=gitea -Comment 'Gitea is updated.'
        ((Get-HlSilence | Format-Table | Out-String -Width 160) -replace '\x1b\[[0-9;]*m') | Should -Match 'Matchers +State +Until +By +Comment[\s\S]*service="gitea" +Active +\S+ \S+ +homelab'
    }

    It 'are refused: <what>' -ForEach @(
        @{ what = 'no condition'; call = { New-HlSilence gitea }; id = 'InputInvalid'; category = 'InvalidArgument'; class = 'NewHlSilenceCommand'; says = '*label=value*' }
        @{ what = 'a time out of range'; call = { New-HlSilence a=b -For 31d }; id = 'InputInvalid'; category = 'InvalidArgument'; class = 'NewHlSilenceCommand'; says = '*30d*' }
        @{ what = 'a time without a unit'; call = { New-HlSilence a=b -For 10 }; id = 'ParameterArgumentTransformationError'; category = 'InvalidData'; class = 'NewHlSilenceCommand'; says = '*10*' }
        @{ what = 'an end of one that is not there'; call = { Remove-HlSilence 46ec40fd-dd30-4fa1-bd8e-14feef1724b8 }; id = 'SilenceNotFound'; category = 'ObjectNotFound'; class = 'RemoveHlSilenceCommand'; says = '*Get-HlSilence*' }
        @{ what = 'an end of what is no id'; call = { Remove-HlSilence nosuch }; id = 'InputInvalid'; category = 'InvalidArgument'; class = 'RemoveHlSilenceCommand'; says = '*nosuch*' }
    ) {
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.$class"
        $caught.CategoryInfo.Category | Should -Be $category
        "$caught" | Should -BeLike $says
        Get-HlSilence | Should -BeNullOrEmpty
    }

    It 'are not changed by somebody who may only look' {
        $kept = New-HlSilence service=redis
        $null = Connect-Hl "$folder/monitor/homelab.yaml"
        (Get-HlSilence).Id | Should -Be $kept.Id
        foreach ($caught in (Get-Caught { New-HlSilence service=gitea -Force }), (Get-Caught { Remove-HlSilence $kept.Id })) {
            $caught.FullyQualifiedErrorId | Should -BeLike 'LevelTooLow,Homelab.PowerShell.*HlSilenceCommand'
            $caught.CategoryInfo.Category | Should -Be 'PermissionDenied'
        }
        (Get-HlSilence).Id | Should -Be $kept.Id
    }
}
