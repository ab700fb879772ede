;;; shapes.el --- Shapes  -*- lexical-binding: t -*-
(require 'cl-lib)
;;        ^ import
;;        ^ reference.identifier
(require 'subr-x nil t)
;;        ^ import
;;        ^ reference.identifier
(load "other")
 ;; <- reference.call
;;     ^ import
(autoload 'foo "bar")
 ;; <- reference.call
;;         ^ reference.identifier
;;              ^ import foo
(defgroup shapes nil "Shapes." :group 'tools)
;;                                     ^ reference.identifier
(defcustom shapes-limit 10 "Most." :type 'integer)
;;         ^ definition.variable
;;         ^ doc Most.
;;                                        ^ reference.identifier shapes-limit
(defvar shapes-count 0 "How many.")
;;      ^ definition.variable
;;      ^ doc How many.
(defconst shapes-pi 3.14)
;;        ^ definition.constant
(defun shapes-area (shape) "Compute the area of SHAPE."
;;     ^ definition.function
;;     ^ doc Compute the area of SHAPE.
;;                  ^ reference.call shapes-area
  (interactive)
  (let ((w (shapes-width shape))) (setq shapes-count (* w (shapes-helper w)))))
;;       ^ reference.call shapes-area
;;          ^ reference.call shapes-area
;;                                      ^ reference.identifier shapes-area
;;                                                    ^ reference.call shapes-area
;;                                                         ^ reference.call shapes-area
(defsubst shapes-helper (x) (1+ x))
;;        ^ definition.function
;;                       ^ reference.call shapes-helper
;;                           ^ reference.call shapes-helper
(defmacro shapes-with (x &rest body) `(progn ,@body))
;;        ^ definition.macro
;;                     ^ reference.call shapes-with
(cl-defun shapes-draw (s &key (n 1)) (mapc #'shapes-area s))
 ;; <- reference.identifier shapes-draw
;;        ^ definition.function
;;                     ^ reference.call shapes-draw
;;                             ^ reference.call shapes-draw
;;                                    ^ reference.call shapes-draw
;;                                           ^ reference.identifier shapes-draw
(cl-defstruct shapes-point x y)
 ;; <- reference.identifier shapes-point
;;            ^ definition.struct
;;                         ^ definition.field shapes-point
;;                           ^ definition.field shapes-point
(cl-defgeneric shapes-grow (s))
 ;; <- reference.identifier shapes-grow
;;             ^ definition.function
;;                          ^ reference.call shapes-grow
(cl-defmethod shapes-grow ((s shapes-point)) s)
 ;; <- reference.identifier shapes-grow
;;            ^ definition.method
;;                          ^ reference.call shapes-grow
;;                            ^ reference.identifier shapes-grow
(define-minor-mode shapes-mode "Mode." :lighter " S")
 ;; <- reference.identifier shapes-mode
;;                 ^ definition.function
(define-derived-mode shapes-view-mode special-mode "Shapes")
 ;; <- reference.identifier shapes-view-mode
;;                   ^ definition.function
;;                                    ^ reference.class shapes-view-mode
(defface shapes-face '((t :inherit bold)) "Face.")
;;       ^ definition.variable
;;       ^ doc Face.
;;                      ^ reference.call shapes-face
(defalias 'shapes-alias 'shapes-area)
;;         ^ definition.function
;;                       ^ reference.identifier shapes-alias
(add-hook 'foo-hook 'shapes-draw)
 ;; <- reference.call
;;         ^ reference.identifier
;;                   ^ reference.identifier
(provide 'shapes)
;;        ^ export
;;        ^ reference.identifier
