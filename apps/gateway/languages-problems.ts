import type { ProblemText, Translation } from './languages.js';
import type { ProblemName } from './problem.js';

const text = (title: string, help: string): ProblemText => ({ title, help });

/** Titles and ways out; the English ones stand with the problems themselves. */
export const problemTexts: Record<Translation, Record<ProblemName, ProblemText>> = {
  fr: {
    malformed: text(
      'La requête est mal formée',
      'Corrigez ce que `errors` désigne ; la forme de chaque corps et paramètre se trouve dans /openapi.json.',
    ),
    unauthenticated: text(
      'Le demandeur n’est pas connu',
      'Envoyez `Authorization: Bearer …` avec un jeton d’accès ou une clé d’API valable maintenant.',
    ),
    notYours: text(
      'Cela ne vous appartient pas',
      'Demandez avec un rôle ou une portée qui le permet ; les verdicts disent qui peut le faire.',
    ),
    absent: text('Introuvable', 'Il n’y a rien ici, ou rien que vous puissiez voir. Vérifiez l’identifiant et le jeton employé.'),
    wrongState: text(
      'Impossible dans cet état',
      'Lisez `/actions` de la ressource : ce qui peut venir ensuite, pour qui, et pourquoi non.',
    ),
    beingAnswered: text(
      'La même requête est encore en cours de réponse',
      'Répétez-la avec la même Idempotency-Key après Retry-After ; elle n’est exécutée qu’une fois.',
    ),
    resync: text('Le flux n’a plus ce qui suit', 'Reprenez `GET /v1/snapshot`, puis continuez le flux à partir de son curseur.'),
    outdated: text(
      'Vous avez lu une version plus ancienne',
      'Relisez la ressource et envoyez la modification avec son nouvel ETag comme If-Match.',
    ),
    tooLarge: text('Le corps est trop grand', 'Envoyez-en moins à la fois ; les limites sont dans la documentation de l’API.'),
    refused: text('Une règle s’y oppose', 'Chaque verdict dit quelle règle, ce qu’elle a examiné et d’où elle vient.'),
    preconditionRequired: text(
      'If-Match est requis',
      'Lisez la ressource et envoyez son ETag comme If-Match, afin qu’aucune modification ne se perde.',
    ),
    tooMany: text('Trop de requêtes', 'Attendez Retry-After ; les en-têtes RateLimit disent ce qui reste.'),
    failed: text(
      'L’échec est de notre côté',
      'Rien n’a été exécuté à moitié. Répétez plus tard et indiquez-nous le traceId si cela échoue encore.',
    ),
    unavailable: text(
      'Indisponible en ce moment',
      'Répétez après Retry-After ; une écriture avec la même Idempotency-Key est exécutée une seule fois.',
    ),
  },
  de: {
    malformed: text(
      'Die Anfrage ist fehlerhaft',
      'Beheben Sie, worauf `errors` zeigt; die Form jedes Rumpfes und Parameters steht in /openapi.json.',
    ),
    unauthenticated: text(
      'Wer fragt, ist nicht bekannt',
      'Senden Sie `Authorization: Bearer …` mit einem Zugriffstoken oder API-Schlüssel, der jetzt gültig ist.',
    ),
    notYours: text(
      'Das steht Ihnen nicht zu',
      'Fragen Sie mit einer Rolle oder Berechtigung, die das darf; die Urteile nennen, wer es darf.',
    ),
    absent: text(
      'Nicht gefunden',
      'Hier ist nichts, oder nichts, was Sie sehen dürfen. Prüfen Sie die Kennung und mit wessen Token Sie fragen.',
    ),
    wrongState: text(
      'In diesem Zustand nicht möglich',
      'Lesen Sie `/actions` der Ressource: was als Nächstes möglich ist, für wen, und warum nicht.',
    ),
    beingAnswered: text(
      'Dieselbe Anfrage wird noch beantwortet',
      'Wiederholen Sie sie nach Retry-After mit demselben Idempotency-Key; sie wird einmal ausgeführt.',
    ),
    resync: text('Der Feed hat nicht mehr, was folgt', 'Laden Sie `GET /v1/snapshot` neu und lesen Sie den Feed ab dessen Cursor weiter.'),
    outdated: text(
      'Sie haben eine ältere Fassung gelesen',
      'Lesen Sie die Ressource neu und senden Sie die Änderung mit ihrem neuen ETag als If-Match.',
    ),
    tooLarge: text('Der Rumpf ist zu groß', 'Senden Sie weniger auf einmal; die Grenzen stehen in der Dokumentation der API.'),
    refused: text('Eine Regel lehnt das ab', 'Jedes Urteil sagt, welche Regel, was sie betrachtet hat und woher sie stammt.'),
    preconditionRequired: text(
      'If-Match ist erforderlich',
      'Lesen Sie die Ressource und senden Sie ihren ETag als If-Match, damit niemandes Änderung verloren geht.',
    ),
    tooMany: text('Zu viele Anfragen', 'Warten Sie Retry-After ab; die RateLimit-Kopfzeilen sagen, was übrig ist.'),
    failed: text(
      'Der Fehler liegt bei uns',
      'Nichts davon wurde halb ausgeführt. Wiederholen Sie es später, und nennen Sie uns die traceId, wenn es erneut fehlschlägt.',
    ),
    unavailable: text(
      'Zurzeit nicht verfügbar',
      'Wiederholen Sie es nach Retry-After; mit demselben Idempotency-Key wird ein Schreibvorgang einmal ausgeführt.',
    ),
  },
  es: {
    malformed: text(
      'La petición está mal formada',
      'Corrija lo que señala `errors`; la forma de cada cuerpo y parámetro está en /openapi.json.',
    ),
    unauthenticated: text(
      'No se sabe quién pregunta',
      'Envíe `Authorization: Bearer …` con un token de acceso o una clave de API válidos ahora.',
    ),
    notYours: text('No le corresponde hacerlo', 'Pregunte con un rol o permiso que pueda; los veredictos dicen quién puede hacerlo.'),
    absent: text('No encontrado', 'Aquí no hay nada, o nada que usted pueda ver. Compruebe el identificador y con qué token pregunta.'),
    wrongState: text('No es posible en este estado', 'Lea `/actions` del recurso: qué puede venir después, para quién, y por qué no.'),
    beingAnswered: text(
      'La misma petición aún se está respondiendo',
      'Repítala con la misma Idempotency-Key después de Retry-After; se ejecuta una sola vez.',
    ),
    resync: text('El flujo ya no tiene lo que sigue', 'Tome de nuevo `GET /v1/snapshot` y siga con el flujo desde su cursor.'),
    outdated: text('Ha leído una versión anterior', 'Lea de nuevo el recurso y envíe el cambio con su nuevo ETag como If-Match.'),
    tooLarge: text('El cuerpo es demasiado grande', 'Envíe menos de una vez; los límites están en la documentación de la API.'),
    refused: text('Una regla lo rechaza', 'Cada veredicto dice qué regla, qué ha examinado y de dónde procede.'),
    preconditionRequired: text(
      'Se requiere If-Match',
      'Lea el recurso y envíe su ETag como If-Match, para que no se pierda el cambio de nadie.',
    ),
    tooMany: text('Demasiadas peticiones', 'Espere Retry-After; las cabeceras RateLimit dicen lo que queda.'),
    failed: text('El fallo es nuestro', 'Nada se ha ejecutado a medias. Repítalo más tarde, y díganos el traceId si vuelve a fallar.'),
    unavailable: text(
      'No disponible ahora',
      'Repítalo después de Retry-After; una escritura con la misma Idempotency-Key se realiza una sola vez.',
    ),
  },
};
